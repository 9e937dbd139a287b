import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { TESTED_VERSIONS } from '../../storybook/docs/versions.ts';
import { launchBrowser } from '../browser/support/browser.ts';
import { leakedPieces } from '../browsers/support/token-search.ts';
import { serverFor } from '../server/support/programs.ts';
import { startRedis, type RedisServer } from '../server/support/redis-server.ts';
import { patience } from '../support/pace.ts';
import { balance } from './support/balancer.ts';
import { serveOAuth, type OAuthSite } from './support/oauth-site.ts';
import { createPageVisitor } from './support/page-visitor.ts';
import { tableOf, timed, type Result } from './support/report.ts';
import { startProcess, type ProcessSite } from './support/site.ts';
import { openWorkspace, type Workspace } from './support/workspace.ts';

const APPS = ['hono', 'express'];
const PAGE = new URL('apps/page-of-a-server/', import.meta.url);
const bin = serverFor('redis');

let workspace: Workspace;
let store: RedisServer;
let browser: Browser;
/** The folder of the built page, which all apps serve. */
let page: string;
const results: Result[] = [];

beforeAll(async () => {
  if (!bin) return;
  [workspace, store, browser] = await Promise.all([openWorkspace(), startRedis(bin), launchBrowser()]);
  const fresh = await workspace.install('page-of-a-server');
  await fresh.build({});
  page = `${fresh.folder}/dist`;
}, patience(300_000));
afterAll(async () => {
  if (!bin) return;
  console.info(`\n${tableOf(results)}\n`);
  await Promise.all([workspace.close(), store.stop(), browser.close()]);
});

/** What a browser and its user see of an app: answers as texts, and the one cookie. */
function createVisitor(seen: string[]) {
  let cookie = '';
  async function ask(site: ProcessSite, path: string, init: RequestInit = {}) {
    const answer = await fetch(site.origin + path, { ...init, headers: { ...(cookie && { cookie }), 'sec-fetch-site': 'same-origin', 'x-csrf': '1', ...init.headers } });
    const text = await answer.text();
    seen.push(text, JSON.stringify([...answer.headers]));
    const set = answer.headers.get('set-cookie');
    if (set !== null) cookie = set.split(';')[0] ?? '';
    return { status: answer.status, body: JSON.parse(text) as unknown, set, retryAfter: answer.headers.get('retry-after') };
  }
  return {
    ask,
    signIn: async (site: ProcessSite, { authorize }: OAuthSite, user: string) => ask(site, '/auth/sign-in', { method: 'POST', body: JSON.stringify(await authorize(user)) }),
    posts: (site: ProcessSite) => ask(site, '/feed'),
    /** Another visitor with a copy of the cookie. */
    copy() {
      const other = createVisitor(seen);
      other.take(cookie);
      return other;
    },
    take: (value: string) => void (cookie = value),
  };
}

const of = (user: string) => ({ status: 200, body: { user, posts: [`A post of ${user}.`] } });

/** Signs two users in on two instances, has their tokens revoked, restarts both instances, and signs out. */
async function drive(start: () => Promise<ProcessSite>, oauth: OAuthSite): Promise<void> {
  const seen: string[] = [];
  let instances = [await start(), await start()] as const;
  const [ada, bob] = [createVisitor(seen), createVisitor(seen)];
  expect(await ada.posts(instances[0])).toMatchObject({ status: 401, body: { error: 'signed_out' } });
  const signedIn = await ada.signIn(instances[0], oauth, 'ada');
  expect(signedIn).toMatchObject({ status: 200, body: { status: 'signedIn', subject: 'ada' }, set: expect.stringMatching(/^__Host-session=[\w-]{43}; .*HttpOnly; SameSite=Strict; Secure$/) });
  await bob.signIn(instances[1], oauth, 'bob');
  for (const site of instances) expect([await ada.posts(site), await bob.posts(site)]).toMatchObject([of('ada'), of('bob')]);
  expect(oauth.refreshes).toEqual([]);

  await oauth.revokeAccessTokens();
  const burst = await Promise.all(instances.flatMap((site) => Array.from({ length: 20 }, () => ada.posts(site))));
  expect(burst.filter(({ status, set }) => status !== 200 || set !== null)).toEqual([]);
  expect(burst[0]).toMatchObject(of('ada'));
  expect(oauth.refreshes).toEqual([200]);

  await Promise.all(instances.map((site) => site.close()));
  instances = [await start(), await start()];
  expect(await ada.posts(instances[1])).toMatchObject(of('ada'));
  expect(oauth.refreshes).toEqual([200]);

  oauth.isDown = true;
  const late = await bob.posts(instances[0]);
  expect(late).toMatchObject({ status: 503, body: { error: 'refresh_unavailable' } });
  expect(Number(late.retryAfter)).toBeGreaterThan(0);
  expect(await bob.ask(instances[1], '/auth/session')).toMatchObject({ status: 200, body: { status: 'signedIn', subject: 'bob' } });

  const before = ada.copy();
  expect(await ada.ask(instances[0], '/auth/sign-out', { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } })).toMatchObject({ status: 403 });
  expect(await ada.ask(instances[0], '/auth/sign-out', { method: 'POST' })).toMatchObject({ status: 200, set: expect.stringContaining('Max-Age=0') });
  for (const site of instances) expect(await before.posts(site)).toMatchObject({ status: 401, body: { error: 'signed_out' } });

  await Promise.all(instances.map((site) => site.close()));
  expect(oauth.tokens.size).toBeGreaterThan(5);
  expect(leakedPieces(oauth.tokens, [...seen, ...instances.map((site) => site.output())])).toEqual([]);
}

/** Signs in in one of two tabs, has the access token revoked, reloads the page, and signs out in the other tab. Two instances share one address. */
async function drivePage(start: () => Promise<ProcessSite>, oauth: OAuthSite): Promise<void> {
  const instances = [await start(), await start()];
  const { origin, close } = await balance(instances);
  onTestFinished(close);
  const { context, openTab, warnings, everything } = await createPageVisitor(browser, origin);
  onTestFinished(() => context.close());
  const refreshes = oauth.refreshes.length;

  const [first, second] = [await openTab(`/?${new URLSearchParams(await oauth.authorize('ada'))}`), await openTab()];
  await first.getByRole('button', { name: 'Sign in' }).click();
  for (const tab of [first, second]) await tab.getByText('A post of ada.').waitFor();

  await oauth.revokeAccessTokens();
  const [answer] = await Promise.all([first.waitForResponse(`${origin}/api/posts`), first.getByRole('button', { name: 'Reload posts' }).click()]);
  expect(answer.status()).toBe(200);
  expect(oauth.refreshes.slice(refreshes)).toEqual([200]);

  await second.reload();
  await second.getByText('A post of ada.').waitFor();
  await second.getByRole('button', { name: 'Sign out' }).click();
  for (const tab of [first, second]) await tab.getByRole('button', { name: 'Sign in' }).waitFor();

  expect(warnings).toEqual([expect.stringContaining('status of 401')]); // The browser's own line about the first request, which asks for the session.
  expect(leakedPieces(oauth.tokens, [...(await everything()), ...instances.map((site) => site.output())])).toEqual([]);
}

describe.skipIf(bin === null).each(APPS)('a fresh app with %s and sessions in Redis', (app) => {
  it('installs the tarball, refreshes once over two instances, keeps its users through a restart, signs out, and serves a page without tokens', async () => {
    const seconds = { install: 0, build: 0, drive: 0 };
    let versions: readonly string[] = [];
    onTestFinished(({ task }) => void results.push({ app, versions, seconds, passed: task.result?.state === 'pass' }));

    const oauth = await serveOAuth();
    onTestFinished(oauth.close);
    const fresh = await timed(seconds, 'install', () => workspace.install(app));
    versions = fresh.versions;
    await timed(seconds, 'build', () => fresh.build({}));
    const env = { ...process.env, NODE_ENV: 'production', ISSUER: oauth.origin, API: oauth.origin, REDIS_URL: store.url, PAGE: page, SESSION_SECRET: 'the secret of a test: c5df1b72a4' };
    const started: ProcessSite[] = [];
    onTestFinished(async () => void (await Promise.all(started.map((site) => site.close()))));
    const start = async () => {
      const site = await startProcess(['dist/server.js'], { cwd: fresh.folder, env });
      started.push(site);
      return site;
    };
    await timed(seconds, 'drive', async () => {
      await drive(start, oauth);
      oauth.isDown = false;
      await drivePage(start, oauth);
    });
  });
});

it('the docs name the versions that the apps on a server install', async () => {
  const pinned = await Promise.all(APPS.map(async (app) => (JSON.parse(await readFile(new URL(`apps/${app}/package.json`, import.meta.url), 'utf8')) as { dependencies: Record<string, string> }).dependencies));
  const rows = TESTED_VERSIONS.filter(({ kind }) => kind === 'on a server').map(({ name, versions }) => [name, versions[0]]);
  expect(Object.fromEntries(rows)).toEqual(Object.assign({}, ...pinned));
});

it('a page moves its tokens to the server by three lines of one module', async () => {
  const [before, after] = await Promise.all(['auth-in-the-page', 'auth'].map(async (name) => (await readFile(new URL(`src/${name}.ts`, PAGE), 'utf8')).split('\n')));
  expect(after?.filter((line) => !before?.includes(line))).toEqual([
    "import { serverSignIn, viaServer } from 'unexpired/via-server';",
    'const protocol = viaServer();',
    'export const signIn = (code: string, verifier: string) => auth.signIn(serverSignIn(protocol, { code, verifier }));',
  ]);
});
