import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Browser, Page } from 'playwright-core';
import { createBonfireApi, type BonfireApi } from 'unexpired/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launchBrowser } from '../browser/support/browser.ts';
import { listen, serveFiles, startNext, type Site } from './support/site.ts';
import { openWorkshop, type Workshop } from './support/workshop.ts';

const APPS: readonly [app: string, serve: (folder: string) => Promise<Site>][] = [
  ['vite-react-18', (folder) => serveFiles(`${folder}/dist`)],
  ['vite-react-19-compiler', (folder) => serveFiles(`${folder}/dist`)],
  ['react-router', (folder) => serveFiles(`${folder}/dist`)],
  ['tanstack-router', (folder) => serveFiles(`${folder}/dist`)],
  ['next', startNext],
];

let workshop: Workshop;
let browser: Browser;
let api: BonfireApi;
let apiSite: Site;

beforeAll(async () => {
  api = createBonfireApi({ accessTokenLifetimeMs: 600_000, rotateRefreshTokens: true, reuseDetection: true });
  apiSite = await listen(createAdaptorServer({ fetch: api.fetch }) as Server);
  [workshop, browser] = await Promise.all([openWorkshop(), launchBrowser()]);
});
afterAll(() => Promise.all([workshop.close(), browser.close(), apiSite.close()]));

/** What a page says where nobody should have to look. */
function gatherComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const isAnswer = message.text().includes('status of 401'); // The browser's own line about the rejected call.
    if (['error', 'warning'].includes(message.type()) && !isAnswer) complaints.push(message.text());
  });
  return complaints;
}

async function openPage(origin: string): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints = gatherComplaints(page);
  await page.goto(origin);
  return { page, complaints };
}

const posts = (page: Page) => page.getByText(/^\d+ posts$/);
const button = (page: Page, name: string) => page.getByRole('button', { name });

describe.each(APPS)('a fresh app with %s', (app, serve) => {
  it('installs the tarball, builds, and keeps its user signed in through a revoked token and a reload', async () => {
    const api1 = `${apiSite.origin}/v1`;
    const site = await serve(await workshop.build(app, { VITE_API: api1, NEXT_PUBLIC_API: api1 }));
    onTestFinished(site.close);
    const { page, complaints } = await openPage(site.origin);

    await button(page, 'Sign in').click();
    await posts(page).waitFor();
    expect(await page.content()).not.toContain('eyJ');

    const before = api.counts.refreshes;
    api.revokeAccessTokens();
    const reloaded = page.waitForResponse((response) => response.url().endsWith('/posts') && response.status() === 200);
    await button(page, 'Reload posts').click();
    await reloaded;
    await posts(page).waitFor();
    expect(api.counts.refreshes - before).toBe(1);

    await page.reload();
    await posts(page).waitFor();
    await button(page, 'Sign out').click();
    await button(page, 'Sign in').waitFor();
    expect(api.counts).toMatchObject({ refreshes: before + 1, reuses: 0 });
    expect(complaints).toEqual([]);
  });
});

it('stands in the README with the versions of each app', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const pinned = await Promise.all(APPS.map(([app]) => readFile(new URL(`apps/${app}/package.json`, import.meta.url), 'utf8')));
  const rows = [...readme.matchAll(/^\| framework \| `(.+)` \| (.+) \|$/gm)];
  expect(rows).toHaveLength(7);
  for (const [, name, versions = ''] of rows) {
    for (const version of versions.split(' and ')) expect(pinned.some((manifest) => manifest.includes(`"${name}": "${version}"`))).toBe(true);
  }
});
