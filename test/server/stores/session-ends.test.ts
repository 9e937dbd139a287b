import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createClient } from 'redis';
import { oauth2 } from 'unexpired/oauth2';
import { createSessions, memory, serverPlatform, type Sessions, type SessionsConfig, type SessionSnapshot, type SessionStore } from 'unexpired/server';
import { file } from 'unexpired/server/file';
import { postgres, postgresSchema } from 'unexpired/server/postgres';
import { redis } from 'unexpired/server/redis';
import { describe, expect, it } from 'vitest';
import { realLifetime } from '../../support/pace.ts';
import { requestWith } from '../support/instances.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { serverFor } from '../support/programs.ts';
import { startRedis } from '../support/redis-server.ts';
import { until } from '../support/until.ts';

const [redisBin, postgresBin] = [serverFor('redis'), serverFor('postgres')];
const protocol = oauth2({ resourceOrigins: ['https://api.example.com'], tokenEndpoint: 'https://api.example.com/token', clientId: 'web' });
const ANN = { accessToken: 'ann-access', refreshToken: 'ann-refresh', expiresAt: null, scopes: [] };

type Scene = (create: () => SessionStore) => Promise<void>;

/** Runs a scene on each kind of store that is installed, with two instances that share it. */
const STORES: readonly (readonly [name: string, isMissing: boolean, run: (scene: Scene) => Promise<void>])[] = [
  ['memory', false, async (scene) => {
    const store = memory();
    await scene(() => store);
  }],
  ['files', false, async (scene) => {
    const directory = await mkdtemp(join(tmpdir(), 'unexpired-ends-'));
    await scene(() => file(directory)).finally(() => rm(directory, { recursive: true }));
  }],
  ['Redis', redisBin === null, async (scene) => {
    const server = await startRedis(redisBin ?? '');
    const client = await createClient({ url: server.url }).connect();
    await scene(() => redis(client)).finally(() => (client.destroy(), server.stop()));
  }],
  ['Postgres', postgresBin === null, async (scene) => {
    const server = await startPostgres(postgresBin ?? '');
    const pool = new pg.Pool(server.options);
    await pool.query(postgresSchema());
    await scene(() => postgres(pool)).finally(() => pool.end().then(server.stop));
  }],
];

describe.each(STORES)('in %s', (_, isMissing, run) => {
  const instances = (create: () => SessionStore, config: Partial<SessionsConfig> = {}) => [1, 2].map(() => createSessions({ protocol, store: create(), secrets: ['a-secret-of-at-least-32-characters-1'], ...config }));

  it.skipIf(isMissing)('a session of the provider ends on all instances, and no other session does', () => run(async (create) => {
    const [one, other] = instances(create);
    const cookies = await Promise.all(['first', 'second'].map(async (sid) => (await one!.signIn({ ...ANN, extra: { sid } })).setCookie));
    expect(await other!.endAll({ sid: 'first' })).toBe(1);
    expect(await Promise.all(cookies.map(async (cookie) => (await one!.of(requestWith(cookie))).snapshot().status))).toEqual(['signedOut', 'signedIn']);
    expect(await create().list('sid:first')).toEqual([]);
    for (const sessions of [one!, other!]) await sessions.close();
  }));

  it.skipIf(isMissing)('an idle session ends on both instances, although their clocks are wrong', () => run(async (create) => {
    const wrong = (skewMs: number) => {
      const platform = serverPlatform();
      return { ...platform, now: () => ({ ...platform.now(), wall: platform.now().wall + skewMs }) };
    };
    const timeoutMs = realLifetime(2000);
    const limits = { idle: { timeoutMs }, maxSessionMs: 3_600_000 };
    const all = [-600_000, 600_000].map((skewMs) => createSessions({ protocol, store: create(), platform: wrong(skewMs), secrets: ['a-secret-of-at-least-32-characters-1'], ...limits }));
    const { setCookie } = await all[0]!.signIn(ANN);
    // It reads the session, and is no activity.
    const look = async (sessions: Sessions) => (await (await sessions.handler(requestWith(setCookie, 'https://app.example.com/auth/session'))).json()) as SessionSnapshot;
    const first = await look(all[1]!);
    expect(first.status).toBe('signedIn');
    expect(Math.abs((first.ends?.session ?? 0) - (first.ends?.idle ?? 0) - (3_600_000 - timeoutMs))).toBeLessThan(100);
    await until('the idle end', async () => (await look(all[1]!)).status === 'signedOut');
    for (const sessions of all) expect(await look(sessions)).toMatchObject({ status: 'signedOut', endReason: 'idle' });
    for (const sessions of all) await sessions.close();
  }));
});
