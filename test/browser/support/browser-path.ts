import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/opt/google/chrome/chrome'];

/**
 * Finds a Chromium: the one that `CHROMIUM_PATH` names, Playwright's own, or an installed one.
 *
 * @throws Error that says what to do; these tests are never skipped
 */
export function chromiumPath(named = process.env['CHROMIUM_PATH']): string {
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM_PATH names ${named}, and there is no such file. Correct it, or unset it to let the tests look for a browser.`);
  }
  const found = [chromium.executablePath(), ...INSTALLED].find((path) => existsSync(path));
  if (found) return found;
  throw new Error('There is no Chromium. Install one with `npx playwright-core install chromium` or `apt-get install chromium`, or set CHROMIUM_PATH.');
}
