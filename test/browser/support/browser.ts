import { chromium, type Browser } from 'playwright-core';
import { chromiumPath } from './browser-path.ts';

const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** Starts a Chromium that talks to nobody but the pages it is sent to; `args` are further switches. */
export function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath: chromiumPath(), headless: true, args: [...QUIET, ...args, ...(isRoot ? ['--no-sandbox'] : [])] });
}
