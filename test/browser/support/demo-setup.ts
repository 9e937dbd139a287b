import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest';
import { chromium, type Browser, type BrowserContextOptions } from 'playwright-core';
import { patience } from '../../support/pace.ts';
import { createControl, type Control } from './control.ts';
import { createVisitor, type Visitor } from './visitor.ts';

/** Long enough that nothing is refreshed unless a test causes it. */
export const LONG_LIFETIME_MS = patience(300_000);

/** The run's browser and demo, for the tests of one file. */
export interface DemoSetup {
  readonly control: Control;
  /** Controls the API whose refresh token is in a cookie. */
  readonly cookieControl: Control;
  /** The module of the page that exports its client. */
  readonly clientModule: string;
  /** Opens a browser profile, which is closed after the test. */
  readonly visit: (options?: BrowserContextOptions) => Promise<Visitor>;
}

/**
 * Connects to the run's browser before a file's tests, and leaves it afterwards.
 *
 * @param served how the tabs get the page: as a bundle, or as `npm run demo` serves it
 */
export function setUpDemo(served: 'bundle' | 'demo' = process.env['DEMO_PAGE'] === 'demo' ? 'demo' : 'bundle'): DemoSetup {
  const { pageUrl, bundleUrl, apiUrl } = inject('demo');
  const control = createControl(apiUrl);
  const cookieControl = createControl(new URL('/cookie/v1', apiUrl).href);
  let browser: Browser | undefined;
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    browser = await chromium.connect(inject('chromium'), { timeout: patience(60_000) });
  });
  beforeEach(async () => {
    for (const api of [control, cookieControl]) {
      await api.clearFaults();
      await api.configure({ accessTokenLifetimeMs: LONG_LIFETIME_MS, latencyMs: 0 });
    }
  });
  afterEach(async () => {
    for (const { context } of visitors.splice(0)) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
  });

  return {
    control,
    cookieControl,
    clientModule: served === 'demo' ? '/auth.ts' : '/auth.js',
    async visit(options = {}) {
      if (!browser) throw new Error('The browser has not started yet.');
      const visitor = await createVisitor(browser, served === 'demo' ? pageUrl : bundleUrl, options);
      visitors.push(visitor);
      return visitor;
    },
  };
}
