import { chromium, type BrowserServer } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { chromiumOptions } from './browser.ts';
import { serveDemoPage } from './demo-page.ts';
import { startDemo, type DemoProcess } from './demo-process.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the one Chromium of a run listens. */
    chromium: string;
    /** Where the one demo of a run is: its page as the demo serves it and as a bundle, and its API. */
    demo: { readonly pageUrl: string; readonly bundleUrl: string; readonly apiUrl: string };
  }
}

/** Starts one Chromium and one demo for all tests of a run. The demo has to exit with 0. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const { browser, demo } = await startBoth();
  const page = await serveDemoPage(demo.apiUrl);
  provide('chromium', browser.wsEndpoint());
  provide('demo', { pageUrl: demo.pageUrl, bundleUrl: page.pageUrl, apiUrl: demo.apiUrl });
  return async () => {
    const [{ code, output }] = await Promise.all([demo.stop(), browser.close(), page.close()]);
    if (code === 0) return;
    process.exitCode = 1; // Vitest only prints what is thrown here.
    throw new Error(`The demo ended with code ${code}: ${output}`);
  };
}

/** Starts Chromium and the demo at the same time. If one does not start, the other is stopped. */
async function startBoth(): Promise<{ browser: BrowserServer; demo: DemoProcess }> {
  const [browser, demo] = await Promise.allSettled([chromium.launchServer(chromiumOptions()), startDemo()]);
  if (browser.status === 'fulfilled' && demo.status === 'fulfilled') return { browser: browser.value, demo: demo.value };
  if (browser.status === 'fulfilled') await browser.value.close();
  if (demo.status === 'fulfilled') await demo.value.stop();
  throw browser.status === 'rejected' ? browser.reason : (demo as PromiseRejectedResult).reason;
}
