import { readdir, readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { TESTED_VERSIONS } from '../../storybook/docs/versions.ts';
import { launchBrowser } from '../browser/support/browser.ts';
import { createVisitor } from '../browser/support/visitor.ts';
import { leakedPieces } from '../browsers/support/token-search.ts';
import { serveApi, type ApiSite } from './support/api-site.ts';
import { tableOf, timed, type Result } from './support/report.ts';
import { serveFiles, startNext, type Site } from './support/site.ts';
import { openWorkspace, type Workspace } from './support/workspace.ts';

const APPS: readonly [app: string, serve: (folder: string) => Promise<Site>][] = [
  ['vite-react-18', (folder) => serveFiles(`${folder}/dist`)],
  ['vite-react-19-compiler', (folder) => serveFiles(`${folder}/dist`)],
  ['react-router', (folder) => serveFiles(`${folder}/dist`)],
  ['tanstack-router', (folder) => serveFiles(`${folder}/dist`)],
  ['next', startNext],
];

let workspace: Workspace;
let browser: Browser;
const results: Result[] = [];

beforeAll(async () => {
  [workspace, browser] = await Promise.all([openWorkspace(), launchBrowser()]);
});
afterAll(async () => {
  console.info(`\n${tableOf(results)}\n`);
  await Promise.all([workspace.close(), browser.close()]);
});

/** Opens an app in one tab of a new browser context, and collects every address and every shown state of the page. */
async function openApp(origin: string) {
  const visitor = await createVisitor(browser, origin);
  onTestFinished(() => visitor.context.close());
  const seen: string[] = [];
  visitor.context.on('request', (request) => seen.push(request.url()));
  const page = await visitor.openTab();
  const click = (name: string) => page.getByRole('button', { name }).click();
  const untilShown = async (text: string) => {
    await page.getByText(text, { exact: true }).waitFor();
    seen.push(page.url(), await page.content());
  };
  return { page, click, untilShown, seen, said: visitor.consoleLines, complaints: visitor.warnings };
}

/** Signs in, reads, has the access token revoked, reads again, reloads the page and signs out. */
async function drive(origin: string, { api, tokens, publish }: ApiSite): Promise<void> {
  const { page, click, untilShown, seen, said, complaints } = await openApp(origin);
  await click('Sign in');
  await untilShown('1 posts');
  expect(api.counts).toMatchObject({ refreshes: 0, rejections: 0 });

  await publish('Bring wood.');
  api.revokeAccessTokens();
  await click('Reload posts');
  await untilShown('2 posts');
  expect(api.counts).toMatchObject({ refreshes: 1, rejections: 1 });

  await page.reload();
  await untilShown('2 posts');
  await click('Sign out');
  await untilShown('Sign in');

  expect(api.counts).toMatchObject({ refreshes: 1, rejections: 1, reuses: 0 });
  expect(complaints).toEqual([expect.stringContaining('status of 401')]); // The browser's own line about the rejected call.
  expect(tokens.size).toBeGreaterThan(3);
  expect(leakedPieces(tokens, [...seen, ...said])).toEqual([]);
}

/** Apps with a page that needs a user, and the path of that page. */
const GUARDED: Readonly<Record<string, string>> = { 'react-router': '/', 'tanstack-router': '/', next: '/account' };

/** Opens a page that needs a user in two tabs, signs in in one of them and out in the other. */
async function driveGuards(origin: string, path: string): Promise<void> {
  const visitor = await createVisitor(browser, origin);
  onTestFinished(() => visitor.context.close());
  const [first, second] = [await visitor.openTab(), await visitor.openTab()];
  for (const tab of [first, second]) {
    await tab.goto(origin + path);
    await tab.waitForURL((url) => url.pathname === '/sign-in');
  }
  await first.getByRole('button', { name: 'Sign in' }).click();
  for (const tab of [first, second]) {
    await tab.waitForURL((url) => url.pathname === path);
    await tab.getByRole('button', { name: 'Sign out' }).waitFor();
  }
  await second.getByRole('button', { name: 'Sign out' }).click();
  for (const tab of [first, second]) await tab.waitForURL((url) => url.pathname === '/sign-in');

  await first.goto(`${origin}/sign-in?to=${encodeURIComponent('//example.com/')}`);
  await first.getByRole('button', { name: 'Sign in' }).click();
  await first.waitForURL((url) => url.pathname === '/');
  expect(new URL(first.url()).origin).toBe(origin);
}

/** Counts how often a text occurs in an app's scripts. */
async function countInScripts(folder: string, text: string): Promise<number> {
  const scripts = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.js'));
  const texts = await Promise.all(scripts.map((file) => readFile(`${folder}/${file}`, 'utf8')));
  expect(scripts.length).toBeGreaterThan(0);
  return texts.join('\n').split(text).length - 1;
}

describe.each(APPS)('a fresh app with %s', (app, serve) => {
  it('installs the tarball, builds, and keeps its user signed in after a revoked token and a reload', async () => {
    const seconds = { install: 0, build: 0, drive: 0 };
    let versions: readonly string[] = [];
    onTestFinished(({ task }) => void results.push({ app, versions, seconds, passed: task.result?.state === 'pass' }));

    const api = await serveApi();
    onTestFinished(api.close);
    await api.publish('The fire is lit.');
    const fresh = await timed(seconds, 'install', () => workspace.install(app));
    versions = fresh.versions;
    await timed(seconds, 'build', () => fresh.build({ VITE_API: api.baseUrl, NEXT_PUBLIC_API: api.baseUrl }));
    const built = app === 'next' ? `${fresh.folder}/.next/static` : `${fresh.folder}/dist`;
    // React itself contains this name once. Code that the React Compiler has compiled contains it again.
    if (app.endsWith('-compiler')) expect(await countInScripts(built, 'react.memo_cache_sentinel')).toBeGreaterThan(1);
    expect(await countInScripts(built, 'data-unexpired-devtools')).toBe(0);
    const site = await serve(fresh.folder);
    onTestFinished(site.close);
    await timed(seconds, 'drive', async () => {
      await drive(site.origin, api);
      const guarded = GUARDED[app];
      if (guarded !== undefined) await driveGuards(site.origin, guarded);
    });
  });
});

it('the docs name the versions that the apps install', async () => {
  const pinned = await Promise.all(APPS.map(([app]) => readFile(new URL(`apps/${app}/package.json`, import.meta.url), 'utf8')));
  const rows = TESTED_VERSIONS.filter(({ kind }) => kind === 'framework');
  expect(rows).toHaveLength(7);
  for (const { name, versions } of rows) {
    for (const version of versions) expect(pinned.some((manifest) => manifest.includes(`"${name}": "${version}"`))).toBe(true);
  }
});
