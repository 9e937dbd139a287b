import { chromium, type BrowserContext, type Page } from 'playwright-core';
import type { EngineTab, LaunchOptions, Profile, RunningEngine } from './engine.ts';

const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** Starts Chromium, driven by Playwright; going back and forth finds pages as they were left, as it does for a user. */
export async function launchChromium({ path, insecureHost }: LaunchOptions): Promise<RunningEngine> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const hosts = insecureHost === undefined ? [] : [`--host-resolver-rules=MAP ${insecureHost} 127.0.0.1`];
  const browser = await chromium.launch({
    executablePath: path,
    headless: true,
    args: [...QUIET, ...sandbox, ...hosts],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
  return {
    version: browser.version(),
    openProfile: async () => profileOf(await browser.newContext()),
    close: () => browser.close(),
  };
}

function profileOf(context: BrowserContext): Profile {
  const overheard: string[] = [];
  context.on('console', (message) => overheard.push(message.text()));
  context.on('weberror', (error) => overheard.push(String(error.error()), error.error().stack ?? ''));
  context.on('request', (request) => overheard.push(request.url()));
  return {
    overheard,
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
    goTo: async (url) => void (await page.goto(url, { waitUntil: 'commit' })),
    close: () => page.close(),
  };
}
