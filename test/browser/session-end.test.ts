import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createBonfireApi, type BonfireApi } from 'unexpired/testing';
import { build, type Rolldown } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sourceAlias } from '../../source-alias.ts';
import { listen, type Listening } from '../browsers/server/listening.ts';
import { realLifetime } from '../support/pace.ts';
import { launchBrowser, openContext } from './support/browser.ts';
import type { Harness } from './session-end/page.tsx';

declare const harness: Harness;

/** How often the same user signs in again; `HOLD_ROUNDS=50` measures it. */
const ROUNDS = Number(process.env['HOLD_ROUNDS'] ?? 1);

let browser: Browser;
let context: BrowserContext;
let server: Listening;
let api: BonfireApi;

beforeAll(async () => {
  const [started, script] = await Promise.all([launchBrowser(), bundle()]);
  browser = started;
  const pass = getRequestListener((request) => api.fetch(request));
  server = await listen(createServer((request, response) => {
    if (request.url === '/page.js') return void response.setHeader('content-type', 'text/javascript').end(script);
    if (request.url?.startsWith('/v1/')) return void pass(request, response);
    response.setHeader('content-type', 'text/html').end('<!doctype html><html lang="en"><title>Post</title><div id="root"></div><script type="module" src="/page.js"></script>');
  }));
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

beforeEach(async () => {
  api = createBonfireApi();
  context = await openContext(browser);
});
afterEach(() => context.close());

/** Builds the page's script from the package's sources. */
async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('./session-end/page.tsx', import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'error',
    mode: 'development',
    define: { 'process.env.NODE_ENV': '"development"' },
    resolve: { alias: sourceAlias },
    build: { write: false, minify: false, target: 'es2022', lib: { entry, formats: ['es'] } },
  });
  const [{ output }] = (Array.isArray(built) ? built : [built]) as [Rolldown.RolldownOutput];
  return output[0].code;
}

/** Opens the form of a user, types a text, and lets the session become idle. */
async function openIdle(text: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${server.origin}/?idleMs=${realLifetime(1500)}`);
  await page.waitForFunction(() => 'harness' in globalThis);
  await page.evaluate(() => harness.signIn('ember'));
  await page.getByLabel('Post').fill(text);
  await page.evaluate(() => harness.setData());
  await page.getByText('idle, 0 waiting').waitFor();
  expect(await page.getByLabel('Post').isVisible()).toBe(false);
  await page.evaluate(() => harness.autosave());
  await page.getByText('idle, 1 waiting').waitFor();
  return page;
}

const posts = () => api.calls.filter(({ endpoint }) => endpoint === 'myPosts').map(({ status }) => status);

describe('a form whose session has become idle', () => {
  it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))('is back with its text and its focus, and its request goes on once, when the same user signs in again: round %i', async (round) => {
    const text = `Round ${round}: ä, 🔥 & "quotes"`;
    const page = await openIdle(text);
    expect(posts()).toEqual([]);
    await page.getByRole('button', { name: 'ember' }).click();
    await page.getByText('201').waitFor();
    expect(await page.getByLabel('Post').inputValue()).toBe(text);
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(posts()).toEqual([201]);
    expect(await page.evaluate(() => harness.data())).toBe('of the former user');
    const feed = await page.evaluate(() => fetch('/v1/posts', { headers: { authorization: 'Bearer app-key' } }).then((answer) => answer.text()));
    expect(JSON.parse(feed)).toMatchObject({ data: expect.arrayContaining([expect.objectContaining({ attributes: expect.objectContaining({ text }) })]) });
  });

  it('is empty, and nothing is sent, when another user signs in', async () => {
    const page = await openIdle('by ember');
    await page.getByRole('button', { name: 'cinder' }).click();
    await page.getByText('not sent').waitFor();
    expect(await page.getByLabel('Post').inputValue()).toBe('');
    expect([posts(), await page.evaluate(() => harness.data())]).toEqual([[], null]);
  });

  it('sends its request when the user signs in again in another tab', async () => {
    const page = await openIdle('first');
    const other = await context.newPage();
    await other.goto(`${server.origin}/?idleMs=${realLifetime(1500)}`);
    await other.getByText('Please sign in.').waitFor(); // It has had no user, so it holds nothing.
    await other.waitForFunction(() => 'harness' in globalThis);
    await other.evaluate(() => harness.signIn('ember'));
    await page.getByText('201').waitFor();
    expect(posts()).toEqual([201]);
  });
});
