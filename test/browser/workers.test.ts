import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createBonfireApi, type BonfireApi } from 'unexpired/testing';
import { build, type Rolldown } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { sourceAlias } from '../../source-alias.ts';
import { listen, type Listening } from '../browsers/server/listening.ts';
import { launchBrowser, openContext } from './support/browser.ts';
import type { Harness } from './workers/page.ts';

declare const harness: Harness;

const PLACES = ['page', 'worker', 'sharedWorker'] as const;

let browser: Browser;
let context: BrowserContext;
let server: Listening;
let api: BonfireApi;
let page: Page;

beforeAll(async () => {
  const [started, ...scripts] = await Promise.all([launchBrowser(), ...['page', 'worker', 'shared-worker'].map(bundle)]);
  browser = started;
  const files = new Map(['/page.js', '/worker.js', '/shared-worker.js'].map((path, index) => [path, scripts[index]]));
  const pass = getRequestListener((request) => api.fetch(request));
  server = await listen(createServer((request, response) => {
    const script = files.get(request.url ?? '');
    if (script !== undefined) return void response.setHeader('content-type', 'text/javascript').end(script);
    if (request.url?.startsWith('/v1/')) return void pass(request, response);
    response.setHeader('content-type', 'text/html').end('<!doctype html><script type="module" src="/page.js"></script>');
  }));
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

beforeEach(async () => {
  api = createBonfireApi({ accessTokenLifetimeMs: 600_000 });
  context = await openContext(browser);
  page = await open();
});

afterEach(() => context.close());

async function open(): Promise<Page> {
  const opened = await context.newPage();
  await opened.goto(server.origin);
  await opened.waitForFunction(() => 'harness' in globalThis);
  return opened;
}

/** Builds a script from the package's sources. */
async function bundle(name: string): Promise<string> {
  const entry = fileURLToPath(new URL(`./workers/${name}.ts`, import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    resolve: { alias: sourceAlias },
    build: { write: false, minify: false, target: 'es2022', lib: { entry, formats: ['es'] } },
  });
  const [{ output }] = (Array.isArray(built) ? built : [built]) as [Rolldown.RolldownOutput];
  return output[0].code;
}

const callFrom = (places: readonly (typeof PLACES)[number][], count = 1, from = page) => from.evaluate(([all, times]) => harness.callFrom(all, times), [places, count] as const);

/** A message of the page can reach a worker before the broadcast of the sign-in does. */
const whenSignedIn = () => page.evaluate((all) => harness.whenSignedIn(all), PLACES);

it('a module worker and a SharedWorker call the API with the session of the page', async () => {
  expect(await callFrom(PLACES)).toEqual([[401], [401], [401]]); // The API refuses a call of no user.
  await page.evaluate(() => harness.signIn());
  await whenSignedIn();
  expect(await callFrom(PLACES)).toEqual([[200], [200], [200]]);
  expect(api.counts).toMatchObject({ created: 1, refreshes: 0 });
});

it('a page, a module worker and a SharedWorker whose token is revoked share one refresh', async () => {
  await page.evaluate(() => harness.signIn());
  await whenSignedIn();
  await callFrom(PLACES);
  const other = await open(); // Has the same SharedWorker, and a worker of its own.
  api.revokeAccessTokens();
  const outcomes = await Promise.all([callFrom(PLACES, 20), callFrom(PLACES, 20, other)]);
  expect(outcomes.flat(2)).toEqual(Array(120).fill(200));
  expect(api.counts).toMatchObject({ refreshes: 1, reuses: 0, maxConcurrentRefreshes: 1 });
});

it('a worker goes on with the session after its page has signed out and in again', async () => {
  await page.evaluate(() => harness.signIn());
  await whenSignedIn();
  await callFrom(PLACES);
  await page.evaluate(() => harness.signOut());
  await expect.poll(() => callFrom(['worker', 'sharedWorker'])).toEqual([[401], [401]]);
  await page.evaluate(() => harness.signIn());
  await expect.poll(() => callFrom(['worker', 'sharedWorker'])).toEqual([[200], [200]]);
});

it('a SharedWorker keeps the session fresh for a page that opens later', async () => {
  await page.evaluate(() => harness.signIn());
  await whenSignedIn();
  const other = await open();
  await page.close();
  api.revokeAccessTokens();
  expect(await callFrom(['sharedWorker', 'page'], 5, other)).toEqual([Array(5).fill(200), Array(5).fill(200)]);
  expect(api.counts).toMatchObject({ refreshes: 1, reuses: 0 });
});
