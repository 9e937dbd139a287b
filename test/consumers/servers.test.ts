import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { TESTED_VERSIONS } from '../../storybook/docs/versions.ts';
import { leakedPieces } from '../browsers/support/token-search.ts';
import { serverFor } from '../server/support/programs.ts';
import { startRedis, type RedisServer } from '../server/support/redis-server.ts';
import { serveOAuth, type OAuthSite } from './support/oauth-site.ts';
import { tableOf, timed, type Result } from './support/report.ts';
import { startProcess, type ProcessSite } from './support/site.ts';
import { openWorkspace, type Workspace } from './support/workspace.ts';

const APPS = ['hono', 'express'];
const bin = serverFor('redis');

let workspace: Workspace;
let store: RedisServer;
const results: Result[] = [];

beforeAll(async () => {
  if (bin) [workspace, store] = await Promise.all([openWorkspace(), startRedis(bin)]);
});
afterAll(async () => {
  if (!bin) return;
  console.info(`\n${tableOf(results)}\n`);
  await Promise.all([workspace.close(), store.stop()]);
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
    posts: (site: ProcessSite) => ask(site, '/api/posts'),
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

describe.skipIf(bin === null).each(APPS)('a fresh app with %s and sessions in Redis', (app) => {
  it('installs the tarball, refreshes once over two instances, keeps its users through a restart, and signs out', async () => {
    const seconds = { install: 0, build: 0, drive: 0 };
    let versions: readonly string[] = [];
    onTestFinished(({ task }) => void results.push({ app, versions, seconds, passed: task.result?.state === 'pass' }));

    const oauth = await serveOAuth();
    onTestFinished(oauth.close);
    const fresh = await timed(seconds, 'install', () => workspace.install(app));
    versions = fresh.versions;
    await timed(seconds, 'build', () => fresh.build({}));
    const env = { ...process.env, NODE_ENV: 'production', ISSUER: oauth.origin, API: oauth.origin, REDIS_URL: store.url, SESSION_SECRET: 'the secret of a test: c5df1b72a4' };
    const started: ProcessSite[] = [];
    onTestFinished(async () => void (await Promise.all(started.map((site) => site.close()))));
    await timed(seconds, 'drive', () => drive(async () => {
      const site = await startProcess(['dist/server.js'], { cwd: fresh.folder, env });
      started.push(site);
      return site;
    }, oauth));
  });
});

it('the docs name the versions that the apps on a server install', async () => {
  const pinned = await Promise.all(APPS.map(async (app) => (JSON.parse(await readFile(new URL(`apps/${app}/package.json`, import.meta.url), 'utf8')) as { dependencies: Record<string, string> }).dependencies));
  const rows = TESTED_VERSIONS.filter(({ kind }) => kind === 'on a server').map(({ name, versions }) => [name, versions[0]]);
  expect(Object.fromEntries(rows)).toEqual(Object.assign({}, ...pinned));
});
