import { chromium, type BrowserContext, type LaunchOptions as PlaywrightOptions, type Page } from 'playwright-core';
import { chromiumOptions as quietOptions, openContext } from '../../browser/support/browser.ts';
import type { EngineTab, LaunchOptions, Profile, RunningEngine } from './engine.ts';

/** Starts Chromium, driven by Playwright. */
export async function launchChromium(options: LaunchOptions): Promise<RunningEngine> {
  const browser = await chromium.launch(chromiumOptions(options));
  return {
    version: browser.version(),
    openProfile: async () => profileOf(await openContext(browser)),
    close: () => browser.close(),
  };
}

/** How to start a Chromium that makes no requests of its own, and keeps pages in its back/forward cache as for a user. */
export function chromiumOptions({ path, insecureHost }: LaunchOptions): PlaywrightOptions {
  const hosts = insecureHost === undefined ? [] : [`--host-resolver-rules=MAP ${insecureHost} 127.0.0.1`];
  return { ...quietOptions(hosts), executablePath: path, ignoreDefaultArgs: ['--disable-back-forward-cache'] };
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
