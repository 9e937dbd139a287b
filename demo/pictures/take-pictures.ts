import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../test/browser/support/browser.ts';
import { createControl, type Control } from '../../test/browser/support/control.ts';
import { startDemo } from '../../test/browser/support/demo-process.ts';
import { createVisitor, signIn } from '../../test/browser/support/visitor.ts';

const LIFETIME_MS = 12_000;

type Scheme = 'light' | 'dark';

/** Plays a session in the demo and takes the README's pictures of it, in light and in dark; says their names. */
export async function takePictures(folder: string): Promise<string[]> {
  const [browser, demo] = await Promise.all([launchBrowser(), startDemo()]);
  try {
    const control = createControl(demo.apiUrl);
    const taken: string[] = [];
    for (const scheme of ['light', 'dark'] as const) {
      taken.push(...(await playSession({ browser, pageUrl: demo.pageUrl, control, folder, scheme })));
    }
    return taken;
  } finally {
    await browser.close();
    await demo.stop();
  }
}

interface Studio {
  readonly browser: Browser;
  readonly pageUrl: string;
  readonly control: Control;
  readonly folder: string;
  readonly scheme: Scheme;
}

async function playSession({ browser, pageUrl, control, folder, scheme }: Studio): Promise<string[]> {
  await control.clearFaults();
  await control.configure({ accessTokenLifetimeMs: LIFETIME_MS, latencyMs: 60 });
  const visitor = await createVisitor(browser, pageUrl, { viewport: { width: 1200, height: 820 }, colorScheme: scheme });
  const first = await visitor.openTab();
  await signIn(first, 'Ember');
  const second = await visitor.openTab();
  await first.bringToFront();
  const pictures = [`demo-${scheme}.png`, `timeline-${scheme}.png`, `ended-${scheme}.png`] as const;
  await first.screenshot({ path: `${folder}/${pictures[0]}` });

  await first.getByRole('button', { name: /session devtools/ }).click();
  await playTroubles(first, second, control);
  await first.getByRole('combobox', { name: 'Show' }).selectOption('30 s');
  await first.locator('.chart').focus();
  await first.locator('#panel').screenshot({ path: `${folder}/${pictures[1]}` });

  await control.end('ember', 451);
  await first.getByRole('button', { name: 'Treat as expired' }).click();
  await first.getByText('Session ended: refresh_token_invalid').first().waitFor();
  await first.locator('#panel').screenshot({ path: `${folder}/${pictures[2]}` });
  await visitor.context.close();
  return [...pictures];
}

/** A refresh ahead of expiry, calls on a revoked token, and a token endpoint that fails twice. */
async function playTroubles(first: Page, second: Page, control: Control): Promise<void> {
  const before = await control.state();
  await control.until('a refresh ahead of expiry', ({ counts }) => counts.refreshes > before.counts.refreshes);
  await pause(1500);
  await first.getByRole('button', { name: /^Storm/ }).press('Enter');
  await first.getByText(/200 of 200 answered/).waitFor();
  await second.getByRole('button', { name: 'Reload' }).first().click().catch(() => undefined);
  await control.fail({ endpoint: 'refresh', kind: 'unavailable', times: 2 });
  await first.getByRole('button', { name: 'Refresh now' }).click();
  const failing = (await control.state()).counts.refreshes;
  await control.until('the refresh after two failures', ({ counts }) => counts.refreshes > failing);
  await pause(700);
}
