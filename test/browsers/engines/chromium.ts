import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type LaunchOptions as PlaywrightOptions, type Page } from 'playwright-core';
import { chromiumOptions as quietOptions, openContext } from '../../browser/support/browser.ts';
import type { EngineTab, LaunchOptions, Profile, RunningEngine } from './engine.ts';

/** Starts Chromium, driven by Playwright. */
export async function launchChromium(options: LaunchOptions): Promise<RunningEngine> {
  const browser = await chromium.launch(chromiumOptions(options));
  return {
    version: browser.version(),
    openProfile: async () => profileOf(options.thirdPartyCookies ? await openWithCookieSetting(options) : await openContext(browser, { ignoreHTTPSErrors: options.proxyPort !== undefined })),
    close: () => browser.close(),
  };
}

/** How to start a Chromium that makes no requests of its own, and keeps pages in its back/forward cache as for a user. */
export function chromiumOptions({ path, insecureHost, proxyPort }: LaunchOptions): PlaywrightOptions {
  const hosts = insecureHost === undefined ? [] : [`--host-resolver-rules=MAP ${insecureHost} 127.0.0.1`];
  const proxy = proxyPort === undefined ? [] : [`--proxy-server=http://127.0.0.1:${proxyPort}`];
  return { ...quietOptions([...hosts, ...proxy]), executablePath: path, ignoreDefaultArgs: ['--disable-back-forward-cache'] };
}

/** Opens a profile with its own preferences, because a context without a folder has the cookie rules of a private window. */
async function openWithCookieSetting(options: LaunchOptions): Promise<BrowserContext> {
  const folder = await mkdtemp(join(tmpdir(), 'chromium-'));
  const isBlocked = options.thirdPartyCookies === 'blocked';
  await mkdir(join(folder, 'Default'));
  await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify({ profile: { block_third_party_cookies: isBlocked, cookie_controls_mode: isBlocked ? 1 : 0 } }));
  const context = await chromium.launchPersistentContext(folder, { ...chromiumOptions(options), ignoreHTTPSErrors: true });
  context.on('close', () => void rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  return context;
}

function profileOf(context: BrowserContext): Profile {
  const output: string[] = [];
  context.on('console', (message) => output.push(message.text()));
  context.on('weberror', (error) => output.push(String(error.error()), error.error().stack ?? ''));
  context.on('request', (request) => output.push(request.url()));
  return {
    output,
    openTab: async (url) => {
      const page = await context.newPage();
      await page.goto(url, { waitUntil: 'commit' });
      return tabOf(page);
    },
    close: () => context.close(),
  };
}

function tabOf(page: Page): EngineTab {
  return {
    evaluate: (expression) => page.evaluate(expression),
    close: () => page.close(),
  };
}
