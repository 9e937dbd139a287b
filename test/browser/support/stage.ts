import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { createControl, type Control } from './control.ts';
import { startDemo, type DemoProcess } from './demo-process.ts';
import { createVisitor, type Visitor } from './visitor.ts';

/** Long enough that nothing is refreshed unless a test wants it. */
const QUIET_LIFETIME_MS = 300_000;

/** A browser and a demo for the tests of one file. */
export interface Stage {
  readonly control: Control;
  /** Opens a browser profile, which is closed after the test. */
  readonly visit: (options?: BrowserContextOptions) => Promise<Visitor>;
}

/** Starts the stage before a file's tests, and takes it down afterwards: the demo has to end well. */
export function setUpStage(): Stage {
  let browser: Browser | undefined;
  let demo: DemoProcess | undefined;
  let control: Control | undefined;
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    [browser, demo] = await Promise.all([launchBrowser(), startDemo()]);
    control = createControl(demo.apiUrl);
  });
  beforeEach(async () => {
    await there(control).clearFaults();
    await there(control).configure({ accessTokenLifetimeMs: QUIET_LIFETIME_MS, latencyMs: 0 });
  });
  afterEach(async () => {
    for (const { context } of visitors.splice(0)) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    expect(await demo?.stop()).toMatchObject({ code: 0 });
  });

  return {
    get control() {
      return there(control);
    },
    async visit(options = {}) {
      const visitor = await createVisitor(there(browser), there(demo).pageUrl, options);
      visitors.push(visitor);
      return visitor;
    },
  };
}

function there<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('The stage is not set up yet.');
  return part;
}
