import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { TESTED_VERSIONS } from '../../storybook/docs/versions.ts';
import { launchBrowser } from '../browser/support/browser.ts';
import { leakedPieces } from '../browsers/support/token-search.ts';
import { freePort } from '../server/support/child-program.ts';
import { serverFor } from '../server/support/programs.ts';
import { startRedis, type RedisServer } from '../server/support/redis-server.ts';
import { patience } from '../support/pace.ts';
import { serveApi, type ApiSite } from './support/api-site.ts';
import { balance } from './support/balancer.ts';
import { createPageVisitor } from './support/page-visitor.ts';
import { tableOf, timed, type Result } from './support/report.ts';
import { startProcess, type ProcessSite, type Site } from './support/site.ts';
import { openWorkspace, type Workspace } from './support/workspace.ts';

interface App {
  /** The script that serves it. */
  readonly args: readonly string[];
  /** The request with which its page signs in. */
  readonly signIn: (bot: string) => readonly [path: string, init: { readonly headers?: Record<string, string>; readonly form?: Record<string, string>; readonly data?: unknown }];
}

const APPS: readonly [name: string, app: App][] = [
  ['react-router-server', { args: ['node_modules/@react-router/serve/bin.js', 'build/server/index.js'], signIn: (bot) => ['/sign-in', { form: { bot } }] }],
  ['tanstack-start', { args: ['node_modules/srvx/bin/srvx.mjs', 'serve', '--prod', '--static', '../client', '--entry', 'dist/server/server.js'], signIn: (bot) => ['/auth/sign-in', { headers: { 'x-csrf': '1' }, data: { bot } }] }],
];
const HOUR_MS = 3_600_000;
const bin = serverFor('redis');

let workspace: Workspace;
let store: RedisServer;
let browser: Browser;
let api: ApiSite;
const results: Result[] = [];

beforeAll(async () => {
  if (bin) [workspace, store, browser, api] = await Promise.all([openWorkspace(), startRedis(bin), launchBrowser(), serveApi()]);
});
afterAll(async () => {
  if (!bin) return;
  console.info(`\n${tableOf(results)}\n`);
  await Promise.all([workspace.close(), store.stop(), browser.close(), api.close()]);
});

/** Two instances of an app behind one address. */
interface Instances extends Site {
  /** Everything that the instances have printed. */
  readonly output: () => string[];
}

async function startInstances(folder: string, args: readonly string[]): Promise<Instances> {
  const start = async (): Promise<ProcessSite> => {
    // Without the variables of the test runner, because srvx would not print its address.
    const env = { PATH: process.env['PATH'], NODE_ENV: 'production', HOST: '127.0.0.1', PORT: `${await freePort()}`, API: api.baseUrl, REDIS_URL: store.url, SESSION_SECRET: 'the secret of a test: c5df1b72a4' };
    return startProcess(args, { cwd: folder, env });
  };
  const instances = [await start(), await start()];
  const { origin, close } = await balance(instances);
  return {
    origin,
    output: () => instances.map((instance) => instance.output()),
    async close() {
      await close();
      await Promise.all(instances.map((instance) => instance.close()));
    },
  };
}

const click = (page: Page, name: string) => page.getByRole('button', { name }).click();
const untilShown = (page: Page, text: string) => page.getByText(text, { exact: true }).waitFor();

/** Opens a browser. `check` requires that its console is empty, and that no page has received a piece of a token. */
async function openBrowser({ origin }: Site, app: App) {
  const visitor = await createPageVisitor(browser, origin);
  onTestFinished(() => visitor.context.close());
  return {
    ...visitor,
    async check() {
      expect(visitor.warnings.filter((line) => !line.includes('status of 401'))).toEqual([]); // The browser's own line about a visitor without a session.
      const everything = await visitor.everything();
      expect(everything.some((text) => /Ember|Spark/.test(text))).toBe(true);
      expect(api.tokens.size).toBeGreaterThan(1);
      expect(leakedPieces(api.tokens, everything)).toEqual([]);
    },
    /** Resolves to the header with the cookie of the session. */
    async cookie(): Promise<string> {
      return (await visitor.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    },
    /** Signs in with an access token that has expired at once. Resolves to the number of refreshes before the next one. */
    async signInExpired(bot: string): Promise<number> {
      api.behindMs = 2 * HOUR_MS;
      const [path, init] = app.signIn(bot);
      const answer = await visitor.context.request.post(origin + path, { ...init, maxRedirects: 0 });
      expect(answer.status()).toBeLessThan(400);
      api.behindMs = 0;
      return api.api.counts.refreshes;
    },
  };
}

/** Signs in by the page of the app. */
async function signIn(page: Page): Promise<void> {
  await page.waitForURL((url) => url.pathname === '/sign-in');
  await click(page, 'Sign in');
  await untilShown(page, 'Ember');
}

describe.skipIf(bin === null).each(APPS)('a fresh app with %s, on two instances', (name, app) => {
  const seconds = { install: 0, build: 0, drive: 0 };
  let versions: readonly string[] = [];
  let startedAt = NaN;
  let passed = true;
  let site: Instances;

  beforeAll(async () => {
    const fresh = await timed(seconds, 'install', () => workspace.install(name));
    versions = fresh.versions;
    await timed(seconds, 'build', () => fresh.build({}));
    startedAt = performance.now();
    site = await startInstances(fresh.folder, app.args);
  }, patience(300_000));
  afterEach(({ task }) => void (passed &&= task.result?.state !== 'fail'));
  afterAll(async () => {
    results.push({ app: name, versions, seconds: { ...seconds, drive: (performance.now() - startedAt) / 1000 }, passed });
    await site.close();
    expect(leakedPieces(api.tokens, site.output())).toEqual([]);
  });

  it('signs in, and renders the user on the server', async () => {
    const { openTab, check, context } = await openBrowser(site, app);
    const page = await openTab();
    await signIn(page);
    const [{ name: cookie, httpOnly, sameSite } = {}] = await context.cookies();
    expect({ cookie, httpOnly, sameSite }).toEqual({ cookie: '__Host-session', httpOnly: true, sameSite: 'Lax' });
    const answer = await page.reload();
    expect(await answer?.text()).toContain('<h1>Ember</h1>');
    await check();
  });

  it('refreshes once for the parallel calls of a page whose token has expired, and once for 20 pages on two instances', async () => {
    const { openTab, check, cookie, signInExpired } = await openBrowser(site, app);
    const before = await signInExpired('spark');
    await untilShown(await openTab(), 'Spark');
    expect(api.api.counts.refreshes).toBe(before + 1);

    const again = await signInExpired('spark');
    const headers = { cookie: await cookie() };
    const pages = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(site.origin, { headers })).text()));
    expect(pages.filter((text) => !text.includes('<h1>Spark</h1>'))).toEqual([]);
    expect(api.api.counts).toMatchObject({ refreshes: again + 1, reuses: 0 });
    expect(leakedPieces(api.tokens, pages)).toEqual([]);
    await check();
  });

  it('calls the API from the page after the token was revoked', async () => {
    const { openTab, check } = await openBrowser(site, app);
    const page = await openTab();
    await signIn(page);
    const { refreshes } = api.api.counts;
    const count = Number.parseInt(await page.locator('output').innerText());
    api.api.revokeAccessTokens('ember');
    await api.publish('The fire is lit.');
    await click(page, 'Reload posts');
    await untilShown(page, `${count + 1} posts`);
    expect(api.api.counts).toMatchObject({ refreshes: refreshes + 1, reuses: 0 });
    await check();
  });

  it('signs in and out in one tab, and the other tab follows', async () => {
    const { openTab, check } = await openBrowser(site, app);
    const [first, second] = [await openTab(), await openTab()];
    await second.waitForURL((url) => url.pathname === '/sign-in');
    await signIn(first);
    await untilShown(second, 'Ember');
    await click(second, 'Sign out');
    for (const tab of [first, second]) await tab.waitForURL((url) => url.pathname === '/sign-in');
    await check();
  });

  it('shows the sign-in when the session has ended elsewhere', async () => {
    const { openTab, check, cookie } = await openBrowser(site, app);
    const page = await openTab();
    await signIn(page);
    const answer = await fetch(`${site.origin}/auth/sign-out`, { method: 'POST', headers: { 'x-csrf': '1', cookie: await cookie() } });
    expect(answer.status).toBe(200);
    await page.waitForURL((url) => url.pathname === '/sign-in');
    await check();
  });

  it.runIf(name === 'react-router-server')('publishes one post by an action whose token was revoked, and one by an action whose token has expired', async () => {
    const { openTab, check, signInExpired } = await openBrowser(site, app);
    const before = await signInExpired('ember');
    const page = await openTab();
    await untilShown(page, '0 of them by you');
    api.api.revokeAccessTokens('ember');
    await click(page, 'Publish');
    await untilShown(page, '1 of them by you');
    expect(api.api.counts.refreshes).toBe(before + 2);

    const again = await signInExpired('ember');
    await click(page, 'Publish');
    await untilShown(page, '2 of them by you');
    expect(api.api.counts).toMatchObject({ refreshes: again + 1, reuses: 0 });
    await check();
  });

  it.runIf(name === 'react-router-server')('publishes nothing by an action of a page that shows a former user', async () => {
    const { openTab, check, context } = await openBrowser(site, app);
    await context.route('**/auth/events', (route) => route.fulfill({ status: 204 })); // Otherwise the page would follow at once.
    const page = await openTab();
    await signIn(page);
    const [path, init] = app.signIn('spark');
    await context.request.post(site.origin + path, { ...init, maxRedirects: 0 });
    await click(page, 'Publish');
    await untilShown(page, 'Spark');
    await untilShown(page, '0 of them by you');
    await check();
  });

  it('refuses a sign-in by a form of another site', async () => {
    const headers = { origin: 'https://other.example.com', 'sec-fetch-site': 'cross-site' };
    const [path, { form, data }] = app.signIn('ember');
    const answer = await fetch(site.origin + path, { method: 'POST', headers, body: form ? new URLSearchParams(form) : JSON.stringify(data), redirect: 'manual' });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });
});

it('the docs name the versions of the full-stack frameworks that the apps install', async () => {
  const pinned = await Promise.all(APPS.map(([name]) => readFile(new URL(`apps/${name}/package.json`, import.meta.url), 'utf8')));
  const rows = TESTED_VERSIONS.filter(({ kind }) => kind === 'full-stack framework').map(({ name, versions: [version] }) => `"${name}": "${version}"`);
  for (const manifest of pinned) expect(rows.filter((row) => manifest.includes(row))).toHaveLength(1);
});
