import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type LaunchOptions } from 'playwright-core';
import { patience } from '../../support/pace.ts';
import { chromiumPath } from './browser-path.ts';

const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** How to start a Chromium that sends requests only to the pages it is sent to; `args` are further switches. */
export function chromiumOptions(args: readonly string[] = []): LaunchOptions {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return { executablePath: chromiumPath(), headless: true, args: [...QUIET, ...args, ...sandbox], timeout: patience(60_000) };
}

/** Starts a Chromium. */
export function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch(chromiumOptions(args));
}

/** Opens a profile whose waits end, by the name of what they wait for, after a time that the machine's pace sets. */
export async function openContext(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(patience(20_000));
  context.setDefaultNavigationTimeout(patience(40_000));
  return context;
}
