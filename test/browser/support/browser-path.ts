import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/opt/google/chrome/chrome'];

/**
 * Finds a Chromium: the one of `CHROMIUM_PATH`, Playwright's own, or an installed one.
 *
 * @throws Error that says how to install one, because these tests are never skipped
 */
export function chromiumPath(named = process.env['CHROMIUM_PATH']): string {
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM_PATH is ${named}, but there is no such file. Correct it, or unset it to use an installed browser.`);
  }
  const found = [chromium.executablePath(), ...INSTALLED].find((path) => existsSync(path));
  if (found) return found;
  throw new Error('No Chromium found. Install one with `npx playwright-core install chromium` or `apt-get install chromium`, or set CHROMIUM_PATH.');
}
