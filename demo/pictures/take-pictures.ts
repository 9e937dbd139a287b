import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../../test/browser/support/browser.ts';
import { createControl, type Control } from '../../test/browser/support/control.ts';
import { startDemo } from '../../test/browser/support/demo-process.ts';
import { createVisitor, signIn } from '../../test/browser/support/visitor.ts';
import { toPalettePng } from './palette-png.ts';

const LIFETIME_MS = 12_000;

type Scheme = 'light' | 'dark';

/** Uses the demo and takes the pictures of the README and the docs, in light and dark. Returns their names. */
export async function takePictures(folder: string): Promise<string[]> {
  const [browser, demo] = await Promise.all([launchBrowser(), startDemo()]);
  try {
    const control = createControl(demo.apiUrl);
    const taken: string[] = [];
    for (const scheme of ['light', 'dark'] as const) {
      taken.push(...(await takeSession({ browser, pageUrl: demo.pageUrl, control, folder, scheme })));
    }
    return taken;
  } finally {
    await browser.close();
    await demo.stop();
  }
}

interface Session {
  readonly browser: Browser;
  readonly pageUrl: string;
  readonly control: Control;
  readonly folder: string;
  readonly scheme: Scheme;
}

async function takeSession({ browser, pageUrl, control, folder, scheme }: Session): Promise<string[]> {
  await control.clearFaults();
  await control.configure({ accessTokenLifetimeMs: LIFETIME_MS, latencyMs: 60 });
  const visitor = await createVisitor(browser, pageUrl, { viewport: { width: 1200, height: 820 }, colorScheme: scheme });
  const first = await visitor.openTab();
  await signIn(first, 'Ember');
  const second = await visitor.openTab();
  await first.bringToFront();
  await first.getByRole('button', { name: /session devtools/ }).click();
  await causeFailures(first, second, control);
  const panel = first.locator('#panel');
  const pictures = [`timeline-${scheme}.png`, `ended-${scheme}.png`] as const;
  await panel.getByRole('combobox', { name: 'Range' }).selectOption('30 s');
  await panel.locator('.chart').focus();
  await take(panel, `${folder}/${pictures[0]}`);

  await control.end('ember', 451);
  await panel.getByRole('button', { name: 'Expire token' }).click();
  await panel.getByText('Session ended: refresh_token_invalid').first().waitFor();
  await take(panel, `${folder}/${pictures[1]}`);
  await visitor.context.close();
  return [...pictures];
}

async function take(panel: Locator, path: string): Promise<void> {
  await writeFile(path, await toPalettePng(panel.page(), await panel.screenshot()));
}

/** Waits for a refresh before expiry, makes 200 calls with a revoked token, and makes two refreshes fail. */
async function causeFailures(first: Page, second: Page, control: Control): Promise<void> {
  const before = await control.state();
  await control.until('a refresh before expiry', ({ counts }) => counts.refreshes > before.counts.refreshes);
  await pause(1500);
  await first.getByRole('button', { name: 'Revoke, 200 calls' }).press('Enter');
  await first.getByText(/200 of 200 calls answered/).waitFor();
  await second.getByRole('button', { name: 'Reload' }).click();
  await control.fail({ endpoint: 'refresh', kind: 'unavailable', times: 2 });
  await first.locator('#panel').getByRole('button', { name: 'Refresh now' }).click();
  const failing = (await control.state()).counts.refreshes;
  await control.until('the refresh after two failures', ({ counts }) => counts.refreshes > failing);
  await pause(700);
}
