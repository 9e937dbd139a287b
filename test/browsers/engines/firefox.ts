import puppeteer, { type BrowserContext, type Page } from 'puppeteer-core';
import { patience } from '../../support/pace.ts';
import { endWithTests } from './child-process.ts';
import type { EngineTab, LaunchOptions, Profile, RunningEngine } from './engine.ts';

/** Unless all three are set, timers of background tabs fire at least a second late. */
const FREE_TIMERS = {
  'dom.min_background_timeout_value': 4,
  'dom.min_background_timeout_value_without_budget_throttling': 4,
  'dom.timeout.enable_budget_timer_throttling': false,
};

/** Firefox's values for cookies of other sites. Its default is 5. */
const COOKIE_BEHAVIOR = { allowed: 0, blocked: 1, partitioned: 5 } as const;

/** Starts Firefox, driven over WebDriver BiDi. */
export async function launchFirefox({ path, freeTimers = false, proxyPort, thirdPartyCookies }: LaunchOptions): Promise<RunningEngine> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: path,
    headless: true,
    timeout: patience(60_000),
    protocolTimeout: patience(120_000),
    acceptInsecureCerts: proxyPort !== undefined,
    extraPrefsFirefox: { ...(freeTimers && FREE_TIMERS), ...(proxyPort !== undefined && proxyPrefs(proxyPort)), ...(thirdPartyCookies && { 'network.cookie.cookieBehavior': COOKIE_BEHAVIOR[thirdPartyCookies] }) },
  });
  const process = browser.process();
  const release = process ? endWithTests(process) : () => undefined;
  return {
    version: (await browser.version()).replace(/^\D+/, ''),
    openProfile: async () => profileOf(await browser.createBrowserContext()),
    close: () => browser.close().finally(release),
  };
}

function proxyPrefs(port: number): Record<string, unknown> {
  return { 'network.proxy.type': 1, 'network.proxy.ssl': '127.0.0.1', 'network.proxy.ssl_port': port };
}

function profileOf(context: BrowserContext): Profile {
  const output: string[] = [];
  return {
    output,
    openTab: async (url) => {
      const page = await context.newPage();
      page.setDefaultTimeout(patience(40_000));
      page.on('console', (message) => output.push(message.text()));
      page.on('pageerror', (error) => output.push(error instanceof Error ? `${error.message}\n${error.stack}` : String(error)));
      page.on('request', (request) => output.push(request.url()));
      await page.goto(url, { waitUntil: 'domcontentloaded' });
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
