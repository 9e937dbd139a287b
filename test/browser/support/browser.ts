import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type LaunchOptions } from 'playwright-core';
import { patience } from '../../support/pace.ts';
import { chromiumPath } from './browser-path.ts';

const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** Options for a Chromium that makes no requests of its own. */
export function chromiumOptions(args: readonly string[] = []): LaunchOptions {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return { executablePath: chromiumPath(), headless: true, args: [...QUIET, ...args, ...sandbox], timeout: patience(60_000) };
}

/** Starts a Chromium. */
export function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch(chromiumOptions(args));
}

/** Opens a profile whose deadlines follow the machine's pace. */
export async function openContext(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(patience(20_000));
  context.setDefaultNavigationTimeout(patience(40_000));
  return context;
}
