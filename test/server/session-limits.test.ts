import type { SessionsConfig, SessionStore } from 'unexpired/server';
import { describe, expect, it } from 'vitest';
import { createInstances, requestWith, type Instances } from './support/instances.ts';

const MINUTE = 60_000;
const APP = 'https://app.example.com';
const LIMITS = { idle: { timeoutMs: 15 * MINUTE }, maxSessionMs: 8 * 60 * MINUTE, proxy: { '/api': { to: 'https://api.example.com/v1' } } };
const PAGE = { 'x-csrf': '1', 'sec-fetch-site': 'same-origin' };

/** Two instances with limits, and a user who has signed in on the first one. */
async function signedIn(config: Partial<SessionsConfig> = {}, setup: Instances = createInstances()) {
  const { world, server } = setup;
  server.lifetimeMs = 24 * 60 * MINUTE;
  const start = (skewMs = 0) => setup.start({ ...LIMITS, platform: setup.platform(skewMs), ...config });
  const [one, other] = [start(), start()];
  const { setCookie } = await world.until(one.signIn(server.grant('ann')));
  const request = (path: string, method = 'GET') => requestWith(setCookie, APP + path, { method, headers: PAGE });
  const call = (sessions = one) => world.until(sessions.proxy(request('/api/me')));
  const ask = async (path: string, method = 'POST', sessions = one) => {
    const response = await world.until(sessions.handler(request(path, method)));
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const pass = (minutes: number) => world.advance(minutes * MINUTE);
  return { ...setup, one, other, start, setCookie, request, call, ask, pass };
}

describe('a session with an idle limit', () => {
  // claim: server-idle-limit
  it('ends on all instances without activity, gives the reason, and sends nothing after it', async () => {
    const { call, ask, pass, one, other, server, world, request } = await signedIn();
    expect((await call()).status).toBe(200);
    await pass(15.1);
    const answer = await call(other);
    expect([answer.status, await answer.json()]).toEqual([401, { error: 'signed_out', endReason: 'idle' }]);
    expect(await ask('/auth/session')).toMatchObject({ status: 401, body: { error: 'signed_out', endReason: 'idle' } });
    expect((await world.until(one.of(request('/')))).snapshot()).toMatchObject({ status: 'signedOut', subject: null, endReason: 'idle' });
    expect(server.accepted).toHaveLength(1);
    await world.advance(1000);
    expect(server.revoked).toEqual(['ann-refresh-1']);
    expect(await world.until(one.list('ann'))).toEqual([]);
  });

  // claim: server-activity
  it.each([
    ['a call through the proxy', ({ call, other }: Awaited<ReturnType<typeof signedIn>>) => call(other)],
    ['a page that the server renders', ({ world, other, request }: Awaited<ReturnType<typeof signedIn>>) => world.until(other.of(request('/')))],
    ['`POST …/activity`', ({ ask, other }: Awaited<ReturnType<typeof signedIn>>) => ask('/auth/activity', 'POST', other)],
  ])('goes on for hours by %s on the other instance', async (_, act) => {
    const setup = await signedIn();
    for (let turn = 0; turn < 20; turn++) {
      await setup.pass(10);
      await act(setup);
    }
    expect((await setup.call()).status).toBe(200);
  });

  it.each([['GET', '/auth/session'], ['POST', '/auth/session'], ['POST', '/auth/token']])('is not prolonged by %s %s', async (method, path) => {
    const { ask, call, pass } = await signedIn({ tokens: 'page' });
    for (let minutes = 0; minutes < 15; minutes += 5) {
      expect((await ask(path, method)).status).toBeLessThan(401);
      await pass(5.1);
    }
    expect((await call()).status).toBe(401);
  });

  it('is not prolonged by a page that watches its events, which end with it within a second', async () => {
    const { one, world, request, pass } = await signedIn();
    await world.advance(7000); // So that no regular read of the session falls on its end.
    const response = await world.until(one.handler(request('/auth/events')));
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const read = async () => {
      for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
    };
    const end = read();
    await pass(14.8);
    expect(text).not.toContain('"idle"}');
    await world.advance(0.2 * MINUTE - 7000 + 1000);
    expect(text).toContain('"endReason":"idle"');
    await world.until(end);
  });

  it('is not prolonged by its refreshes', async () => {
    const { call, ask, pass, server } = await signedIn();
    server.lifetimeMs = MINUTE;
    for (let minutes = 0; minutes < 15; minutes += 3) {
      await ask('/auth/session');
      await pass(3.1);
    }
    expect((await call()).status).toBe(401);
  });

  it('is written once in 30 s at most, or a tenth of the limit', async () => {
    const { call, world, trips, pass } = await signedIn();
    await pass(1);
    trips.length = 0;
    for (let turn = 0; turn < 50; turn++) {
      await call();
      await world.advance(1000);
    }
    expect(trips.filter((name) => name === 'replace').length).toBeLessThanOrEqual(3);
    expect(trips.filter((name) => name === 'read')).toHaveLength(50);
  });

  it('does not refresh after its end, although its access token has expired', async () => {
    const { call, pass, server } = await signedIn();
    server.fault = () => Response.json({ error: 'must not be asked' }, { status: 500 });
    await pass(26 * 60);
    expect((await call()).status).toBe(401);
    expect(server.sent).toEqual([]);
  });

  it('ends at the right time if the clock of the instance of the sign-in is wrong by minutes', async () => {
    for (const skewMs of [-5 * MINUTE, 5 * MINUTE]) {
      const { start, world, server, other, pass } = await signedIn({ idle: { timeoutMs: 2 * MINUTE } });
      const wrong = start(skewMs);
      const { setCookie } = await world.until(wrong.signIn(server.grant('ben')));
      const status = async () => (await world.until(other.of({ headers: requestWith(setCookie).headers }))).snapshot().status;
      await pass(1.8);
      expect(await status()).toBe('signedIn');
      await pass(2.1);
      expect(await status()).toBe('signedOut');
    }
  });

  it('fails a call of a session that a task holds beyond the end, unless another instance has seen activity', async () => {
    const { one, other, world, request, pass, call } = await signedIn();
    const held = await world.until(one.of(request('/')));
    await pass(10);
    await call(other);
    await pass(10);
    expect((await world.until(held.fetch('https://api.example.com/me'))).status).toBe(200);
    await pass(10);
    await expect(world.until(held.fetch('https://api.example.com/me'))).rejects.toMatchObject({ endReason: 'idle' });
    expect(held.snapshot()).toMatchObject({ status: 'signedOut', endReason: 'idle' });
  });
});

describe('a session with a longest time', () => {
  // claim: server-session-end
  it('ends after it, although it is used all the time', async () => {
    const { call, pass } = await signedIn();
    for (let minutes = 0; minutes < 480; minutes += 10) {
      expect((await call()).status).toBe(200);
      await pass(10);
    }
    await pass(1);
    expect(await (await call()).json()).toEqual({ error: 'signed_out', endReason: 'expired' });
  });

  it('ends earlier if the provider states that, and not by an end in the past', async () => {
    for (const [leftMs, endReason] of [[60 * MINUTE, 'expired'], [-60 * MINUTE, null]] as const) {
      const { world, server, one, pass } = await signedIn({ idle: undefined, maxSessionMs: undefined });
      const tokens = { ...server.grant('ben'), issuedAt: world.now(), sessionExpiresAt: world.now() + leftMs };
      const { setCookie } = await world.until(one.signIn(() => tokens));
      await pass(59);
      const snapshot = async () => (await world.until(one.of(requestWith(setCookie)))).snapshot();
      expect((await snapshot()).status).toBe('signedIn');
      await pass(2);
      expect((await snapshot()).endReason).toBe(endReason);
    }
  });
});

describe('the ends of a session', () => {
  it('are in its snapshot and in the answers to a page, by the clock of the store', async () => {
    const { one, world, ask, request, pass } = await signedIn();
    const startedAt = world.now();
    await pass(5);
    const { ends } = (await world.until(one.of(request('/')))).snapshot();
    expect(Math.abs((ends?.idle ?? 0) - (startedAt + 20 * MINUTE))).toBeLessThan(2000);
    expect(Math.abs((ends?.session ?? 0) - (startedAt + 480 * MINUTE))).toBeLessThan(2000);
    for (const method of ['GET', 'POST']) expect((await ask('/auth/session', method)).body).toMatchObject({ ends: { session: ends?.session } });
  });

  it('include that of the refresh token', async () => {
    const { one, world, server } = await signedIn();
    const refreshExpiresAt = world.now() + 90 * MINUTE;
    const { session } = await world.until(one.signIn(() => ({ ...server.grant('ben'), issuedAt: world.now(), refreshExpiresAt })));
    expect(Math.abs((session.snapshot().ends?.refreshToken ?? 0) - refreshExpiresAt)).toBeLessThan(2000);
  });
});

describe('while the store fails', () => {
  const failing = (store: SessionStore, isDown: () => boolean): SessionStore => ({ ...store, read: async (...args) => (isDown() ? Promise.reject(new Error('down')) : store.read(...args)), replace: async (...args) => (isDown() ? Promise.reject(new Error('down')) : store.replace(...args)) });

  it('no session ends and none is used after its end, also with `staleMs`', async () => {
    const setup = createInstances();
    let isDown = false;
    const { call, pass, other, server } = await signedIn({ store: failing(setup.store, () => isDown), staleMs: 60 * MINUTE }, setup);
    await call();
    isDown = true;
    await pass(10);
    expect((await call()).status).toBe(200);
    await pass(6);
    expect((await call()).status).toBe(503);
    expect(server.accepted).toHaveLength(2);
    isDown = false;
    expect(await (await call(other)).json()).toEqual({ error: 'signed_out', endReason: 'idle' });
  });

  it('a sign-in whose time cannot be stored is none', async () => {
    const setup = createInstances();
    let isDown = false;
    const { world, server, one } = await signedIn({ store: failing(setup.store, () => isDown) }, setup);
    isDown = true;
    await expect(world.until(one.signIn(server.grant('ben')))).rejects.toMatchObject({ code: 'storage_unavailable' });
  });

  it.each(['insert', 'read', 'replace'] as const)('a sign-in is none, and leaves no session, if `%s` fails once', async (method) => {
    const setup = createInstances();
    let failures = 0;
    const failsOnce = (run: (...args: never[]) => Promise<unknown>) => (...args: never[]) => (failures-- > 0 ? Promise.reject(new Error('down')) : run(...args));
    const store = { ...setup.store, [method]: failsOnce(setup.store[method] as never) } as SessionStore;
    const { world, server, one } = await signedIn({ store }, setup);
    failures = 1;
    await expect(world.until(one.signIn(server.grant('ben')))).rejects.toMatchObject({ code: 'storage_unavailable' });
    await world.advance(5000);
    expect(await world.until(one.list('ben'))).toEqual([]);
    expect(server.isAlive('ben')).toBe(false);
  });
});

it('a session of before the limits counts from its next request', async () => {
  const setup = createInstances();
  const { setCookie } = await setup.world.until(setup.start().signIn(setup.server.grant('ann')));
  await setup.world.advance(60 * MINUTE);
  const later = setup.start(LIMITS);
  const snapshot = async () => (await setup.world.until(later.of(requestWith(setCookie)))).snapshot();
  expect((await snapshot()).status).toBe('signedIn');
  await setup.world.advance(15.1 * MINUTE);
  expect(await snapshot()).toMatchObject({ status: 'signedOut', endReason: 'idle' });
});

it.each([
  ['idle.timeoutMs', { idle: { timeoutMs: 0 } }],
  ['idle.timeoutMs', { idle: { timeoutMs: -1 } }],
  ['idle.timeoutMs', { idle: { timeoutMs: Number.NaN } }],
  ['idle.timeoutMs', { idle: { timeoutMs: 2 ** 31 } }],
  ['idle.timeoutMs', { idle: { timeoutMs: 60_000 }, idleMs: 60_000 }],
  ['idle', { idle: 60_000 as never }],
  ['maxSessionMs', { maxSessionMs: 0 }],
  ['maxSessionMs', { maxSessionMs: 2 ** 31 }],
  ['maxSessionMs', { maxSessionMs: 8 * 86_400_000, absoluteMs: 8 * 86_400_000 }],
])('the setting %s is refused with the field as name for %j', (field, config) => {
  expect(() => createInstances().start(config)).toThrow(expect.objectContaining({ code: 'invalid_config', field }));
});
