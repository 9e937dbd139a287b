import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { launchBrowser } from '../browser/support/browser.ts';
import { createVisitor } from '../browser/support/visitor.ts';
import { leakedPieces } from '../browsers/support/token-search.ts';
import { serverFor } from '../server/support/programs.ts';
import { startRedis, type RedisServer } from '../server/support/redis-server.ts';
import { patience } from '../support/pace.ts';
import { serveApi, type ApiSite } from './support/api-site.ts';
import { tableOf, timed } from './support/report.ts';
import { startNext, type ProcessSite } from './support/site.ts';
import { openWorkspace, type FreshApp, type Workspace } from './support/workspace.ts';

const HOUR_MS = 3_600_000;
const bin = serverFor('redis');
const seconds = { install: 0, build: 0, drive: 0 };
let passed = true;
let startedAt = 0;
/** How many posts there are. */
let posts = 0;

let workspace: Workspace;
let fresh: FreshApp;
let store: RedisServer;
let browser: Browser;
let site: ApiSite;
let app: ProcessSite;

beforeAll(async () => {
  if (!bin) return;
  [workspace, store, browser, site] = await Promise.all([openWorkspace(), startRedis(bin), launchBrowser(), serveApi()]);
  fresh = await timed(seconds, 'install', () => workspace.install('next-server'));
  await timed(seconds, 'build', () => fresh.build({}));
  app = await start({ REDIS_URL: store.url });
}, patience(300_000));
beforeEach(() => void (startedAt = performance.now()));
afterEach(({ task }) => {
  passed &&= task.result?.state !== 'fail';
  seconds.drive += (performance.now() - startedAt) / 1000;
});
afterAll(async () => {
  if (!bin) return;
  console.info(`\n${tableOf([{ app: 'next-server', versions: fresh.versions, seconds, passed }])}\n`);
  await Promise.all([app.close(), workspace.close(), store.stop(), browser.close(), site.close()]);
});

/** Starts the app. `next build` has not got these settings, as a build in an image would not. */
function start(settings: Readonly<Record<string, string>>): Promise<ProcessSite> {
  return startNext(fresh.folder, { ...process.env, NODE_ENV: 'production', API: site.baseUrl, SESSION_SECRET: 'the secret of a test: c5df1b72a4', ...settings });
}

/** Opens a browser profile, and collects what its pages receive, store and print. */
async function openVisitor() {
  const { context, warnings, consoleLines } = await createVisitor(browser, app.origin);
  onTestFinished(() => context.close());
  const answers: Promise<string>[] = [];
  context.on('response', (answer) => {
    if (answer.request().resourceType() === 'eventsource') return; // Its body does not end.
    const headers = answer.headersArray().catch(() => []);
    const text = answer.text().catch(() => ''); // A redirect has none.
    answers.push(Promise.all([headers, text]).then((parts) => JSON.stringify(parts)));
  });
  return {
    warnings,
    async openTab(path = '/', { origin } = app) {
      const tab = await context.newPage();
      await tab.goto(origin + path);
      return tab;
    },
    async seen() {
      const contents = await Promise.all(context.pages().map((tab) => tab.content()));
      return [...(await Promise.all(answers)), ...contents, ...consoleLines, JSON.stringify(await context.cookies())];
    },
  };
}

async function publish(text: string): Promise<void> {
  await site.publish(text);
  posts += 1;
}

/** What the server renders for a user. */
const readBy = (user: string) => `${user} reads ${posts} posts`;

const click = (tab: Page, name: string) => tab.getByRole('button', { name }).click();
const untilShown = (tab: Page, text: string) => tab.getByText(text, { exact: true }).waitFor();

/** Signs in without the client of the page, so that no page asks for anything. The access token has expired when it arrives. */
async function signInWithExpiredToken(tab: Page): Promise<void> {
  site.behindMs = 2 * HOUR_MS;
  await tab.evaluate(signInAs, 'ember');
  site.behindMs = 0;
}

function signInAs(bot: string): Promise<unknown> {
  return fetch('/auth/sign-in', { method: 'POST', headers: { 'x-csrf': '1' }, body: JSON.stringify({ bot }) });
}

describe.skipIf(bin === null)('an app with Next that keeps its tokens on the server', () => {
  it('renders the user on the server, and no token reaches the browser', async () => {
    await publish('The fire is lit.');
    const { openTab, seen, warnings } = await openVisitor();
    const tab = await openTab();
    await click(tab, 'Sign in');
    await untilShown(tab, `${posts} posts`);
    await untilShown(tab, readBy('Ember'));

    const html = await tab.evaluate(async () => (await fetch('/')).text());
    expect(html.replaceAll('<!-- -->', '')).toContain(readBy('Ember'));
    expect(html).toContain('Sign out');
    await tab.reload();
    await untilShown(tab, `${posts} posts`);
    expect(site.api.counts).toMatchObject({ refreshes: 0, rejections: 0 });

    expect(warnings).toEqual([]); // React would warn if the page differed from that of the server.
    expect(site.tokens.size).toBeGreaterThan(3);
    expect(leakedPieces(site.tokens, await seen())).toEqual([]);
  });

  it('refreshes once when 20 calls and two server components find an expired token', async () => {
    const { openTab } = await openVisitor();
    const tab = await openTab('/sign-in');
    await signInWithExpiredToken(tab);
    const before = site.api.counts;

    const [statuses] = await Promise.all([
      tab.evaluate(() => Promise.all(Array.from({ length: 20 }, async () => (await fetch('/api/posts', { headers: { 'x-csrf': '1' } })).status))),
      openTab('/'),
    ]);
    expect(statuses).toEqual(Array.from({ length: 20 }, () => 200));
    expect(site.api.counts).toMatchObject({ refreshes: before.refreshes + 1, reuses: 0, maxConcurrentRefreshes: 1 });
  });

  it('sends calls of the page and of server components once more if their token was revoked', async () => {
    const { openTab } = await openVisitor();
    const tab = await openTab();
    await click(tab, 'Sign in');
    await untilShown(tab, readBy('Ember'));
    await untilShown(tab, `${posts} posts`);
    const before = site.api.counts;

    await publish('Bring wood.');
    site.api.revokeAccessTokens();
    await click(tab, 'Reload posts');
    await untilShown(tab, `${posts} posts`);
    expect(site.api.counts).toMatchObject({ refreshes: before.refreshes + 1, reuses: 0 });

    site.api.revokeAccessTokens();
    await tab.reload();
    await untilShown(tab, readBy('Ember'));
    expect(site.api.counts).toMatchObject({ refreshes: before.refreshes + 2, reuses: 0 });
  });

  it('posts by a server action after the token has expired', async () => {
    const { openTab } = await openVisitor();
    const tab = await openTab('/sign-in');
    await signInWithExpiredToken(tab);
    await tab.goto(app.origin);
    site.api.revokeAccessTokens();
    const before = site.api.counts;

    await tab.getByLabel('Text').fill('It rains.');
    await click(tab, 'Publish');
    posts += 1;
    await untilShown(tab, readBy('Ember'));
    expect(site.api.counts).toMatchObject({ refreshes: before.refreshes + 1, reuses: 0 });
  });

  it('posts nothing by a form of one user after another user has signed in', async () => {
    const { openTab } = await openVisitor();
    const [first, second] = [await openTab(), await openTab()];
    await click(first, 'Sign in');
    await untilShown(first, 'Sign out');
    const form = await first.evaluateHandle(async () => {
      const page = new DOMParser().parseFromString(await (await fetch('/')).text(), 'text/html');
      return new FormData(page.forms[0]); // As a page submits it before it has hydrated.
    });

    await second.evaluate(signInAs, 'cinder');
    site.api.clearCalls();
    const type = await first.evaluate(async (body) => (await fetch('/', { method: 'POST', body, redirect: 'manual' })).type, form);
    expect(type).toBe('opaqueredirect');
    expect(site.api.calls.filter(({ method }) => method === 'POST')).toEqual([]);

    await second.reload();
    await untilShown(second, readBy('Cinder'));
    await untilShown(first, readBy('Cinder'));
  });

  it('signs out in all tabs, and redirects visitors before it renders a page', async () => {
    const { openTab, warnings } = await openVisitor();
    const [first, second] = [await openTab('/account'), await openTab('/account')];
    for (const tab of [first, second]) expect(new URL(tab.url()).pathname).toBe('/sign-in');
    await click(first, 'Sign in');
    for (const tab of [first, second]) await tab.waitForURL((url) => url.pathname === '/account');

    await first.goto(`${app.origin}/sign-in?to=${encodeURIComponent('//example.com/')}`);
    await first.waitForURL(`${app.origin}/`);
    await untilShown(first, readBy('Ember'));

    await click(second, 'Sign out');
    await second.waitForURL((url) => url.pathname === '/sign-in');
    await untilShown(first, 'Sign in');
    await first.getByText('reads').waitFor({ state: 'detached' });
    expect(warnings).toEqual([]);
  });

  it('shows within moments that the session has ended on the server', async () => {
    const { openTab } = await openVisitor();
    const [first, second] = [await openTab(), await openTab()];
    await click(first, 'Sign in');
    for (const tab of [first, second]) await untilShown(tab, readBy('Ember'));

    await second.evaluate(() => fetch('/auth/sign-out', { method: 'POST', headers: { 'x-csrf': '1' } })); // The client of the page is not asked.
    for (const tab of [first, second]) {
      await untilShown(tab, 'Sign in');
      await tab.getByText('reads').waitFor({ state: 'detached' });
    }
  });

  it.each([['Redis', () => ({ REDIS_URL: store.url })], ['files', () => ({})]])('signs no user out by a restart, with sessions in %s', async (_store, settings) => {
    const { openTab } = await openVisitor();
    const former = await start(settings());
    onTestFinished(former.close);
    const tab = await openTab('/', former);
    await click(tab, 'Sign in');
    await untilShown(tab, readBy('Ember'));
    await former.close();

    const next = await start(settings());
    onTestFinished(next.close);
    await tab.goto(next.origin);
    await untilShown(tab, readBy('Ember'));
  });
});

it('the page “Next on a server” says how many lines differ from the app with the tokens in the page', async () => {
  const apps = new URL('apps/', import.meta.url);
  const { stdout } = spawnSync('git', ['diff', '--no-index', '--numstat', 'next', 'next-server'], { cwd: apps, encoding: 'utf8' });
  const rows = stdout.trim().split('\n').map((row) => row.split('\t').map(Number));
  const sum = (column: number) => rows.reduce((total, row) => total + (row[column] ?? 0), 0);
  const page = await readFile(new URL('../../storybook/docs/guides/next-on-a-server.mdx', import.meta.url), 'utf8');
  expect(page).toContain(`${sum(0)} added and ${sum(1)} removed lines`);
});
