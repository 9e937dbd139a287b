import { errorResponse, type SessionStore } from 'unexpired/server';
import { describe, expect, it } from 'vitest';
import { createInstances, requestWith } from './support/instances.ts';

const MINUTE = 60_000;

async function signedIn() {
  const setup = createInstances();
  const sessions = setup.start();
  const { setCookie } = await setup.world.until(sessions.signIn(setup.server.grant('ann')));
  return { ...setup, sessions, request: requestWith(setCookie) };
}

/** A store that a test takes down. */
function breakable(store: SessionStore) {
  const state = { isDown: false };
  const guard = <A extends readonly unknown[], R>(run: (...args: A) => Promise<R>) => (...args: A) => (state.isDown ? Promise.reject<R>(new Error('connect ECONNREFUSED secret-host:6379')) : run(...args));
  return {
    state,
    store: {
      ...store, read: guard(store.read), insert: guard(store.insert), replace: guard(store.replace), remove: guard(store.remove), extend: guard(store.extend), list: guard(store.list),
    },
  };
}

describe('while the token endpoint is down', () => {
  // claim: server-good-token-in-an-outage
  it('a session goes on with a token that is still good', async () => {
    const { world, server, sessions, request } = await signedIn();
    server.fault = () => new Response('', { status: 503 });
    await world.advance(9 * MINUTE);
    const session = await world.until(sessions.of(request));
    expect((await world.until(session.fetch('/posts'))).status).toBe(200);
    expect(session.snapshot().status).toBe('signedIn');
  });

  // claim: server-waits-for-the-retry
  it('a request whose token has expired waits for the retry, and is answered', async () => {
    const { world, server, sessions, request } = await signedIn();
    await world.advance(11 * MINUTE);
    const downUntil = world.now() + 2000;
    server.fault = () => (world.now() < downUntil ? new Response('', { status: 503 }) : null);
    const session = await world.until(sessions.of(request));
    expect((await world.until(session.fetch('/posts'))).status).toBe(200);
    expect(server.reuses).toBe(0);
  });

  // claim: server-outage-503
  it('a request is answered 503 with Retry-After after 10 s at most, and the session stays', async () => {
    const { world, server, sessions, request } = await signedIn();
    await world.advance(11 * MINUTE);
    server.fault = () => new Response('', { status: 503, headers: { 'retry-after': '120' } });
    const startedAt = world.now();
    const session = await world.until(sessions.of(request));
    const error = await world.until(session.fetch('/posts').catch((reason: unknown) => reason));
    const answer = errorResponse(error, world.now());
    expect(world.now() - startedAt).toBeLessThanOrEqual(10_500);
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(60);
    expect(await answer.json()).toEqual({ error: 'refresh_unavailable' });
    expect(session.snapshot().status).toBe('signedIn');
  });

  // claim: server-one-backoff
  it('all instances together stay within the backoff', async () => {
    const { world, server, sessions, request, start } = await signedIn();
    const instances = [sessions, start(), start(), start()];
    await world.advance(11 * MINUTE);
    server.fault = () => new Response('', { status: 503 });
    for (let second = 0; second < 120; second++) {
      for (const instance of instances) void instance.of(request).then((session) => session.fetch('/posts')).catch(() => undefined);
      await world.advance(1000);
    }
    expect(server.sent.length).toBeGreaterThan(2);
    expect(server.sent.length).toBeLessThanOrEqual(40); // 20 a minute.
  });
});

describe('a session whose refresh token is refused', () => {
  // claim: server-refused-401
  it('is answered 401 with the reason, on each instance', async () => {
    const { world, server, sessions, request, start } = await signedIn();
    await world.advance(11 * MINUTE);
    server.fault = () => Response.json({ error: 'invalid_grant' }, { status: 400 });
    const session = await world.until(sessions.of(request));
    const answer = errorResponse(await world.until(session.fetch('/posts').catch((reason: unknown) => reason)));
    expect([answer.status, await answer.json()]).toEqual([401, { error: 'session_ended', endReason: 'refresh_token_invalid' }]);
    const elsewhere = await world.until(start().of(request));
    expect(elsewhere.snapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid' });
    expect(server.sent).toHaveLength(1);
    expect(await world.until(sessions.list('ann'))).toEqual([]);
  });
});

describe('while the store is down', () => {
  async function onBreakable(config = {}) {
    const setup = createInstances();
    const { state, store } = breakable(setup.store);
    const sessions = setup.start({ store, ...config });
    const { setCookie } = await setup.world.until(sessions.signIn(setup.server.grant('ann')));
    return { ...setup, state, sessions, request: requestWith(setCookie) };
  }

  // claim: server-store-down
  it('a request is answered 503, because the session may have ended, and the error quotes no foreign text', async () => {
    const { world, state, sessions, request } = await onBreakable();
    state.isDown = true;
    const error = await world.until(sessions.of(request).catch((reason: unknown) => reason));
    expect(errorResponse(error, world.now()).status).toBe(503);
    expect(String(error)).toContain('session store (memory)');
    expect(String(error)).not.toContain('secret-host');
    state.isDown = false;
    expect((await world.until(sessions.of(request))).snapshot().status).toBe('signedIn');
  });

  // claim: server-store-slow
  it('a request is answered 503 after 5 s if the store does not answer', async () => {
    const { world, store, start, server } = createInstances();
    const sessions = start();
    const { setCookie } = await world.until(sessions.signIn(server.grant('ann')));
    const silent = start({ store: { ...store, read: () => new Promise(() => undefined) } });
    const startedAt = world.now();
    const error = await world.until(silent.of(requestWith(setCookie)).catch((reason: unknown) => reason));
    expect(error).toMatchObject({ code: 'storage_unavailable' });
    expect(world.now() - startedAt).toBeLessThanOrEqual(5500);
  });

  // claim: server-stale
  it('a good token goes on for staleMs, and no instance refreshes', async () => {
    const { world, server, state, sessions, request } = await onBreakable({ staleMs: 12 * MINUTE });
    await world.until(sessions.of(request));
    state.isDown = true;
    await world.advance(5 * MINUTE);
    const session = await world.until(sessions.of(request));
    expect((await world.until(session.fetch('/posts'))).status).toBe(200);
    await world.advance(6 * MINUTE);
    const expired = await world.until(sessions.of(request));
    await expect(world.until(expired.fetch('/posts'))).rejects.toMatchObject({ code: 'refresh_unavailable' });
    expect(server.sent).toEqual([]);
    await world.advance(2 * MINUTE);
    await expect(world.until(sessions.of(request))).rejects.toMatchObject({ code: 'storage_unavailable' });
  });

  // claim: server-tokens-kept
  it('new tokens whose write fails stay with the instance until the store has them', async () => {
    const { world, server, state, sessions, request, start } = await onBreakable();
    await world.advance(11 * MINUTE);
    world.latencyMs = 500;
    const session = await world.until(sessions.of(request));
    const call = session.fetch('/posts');
    await world.advance(300);
    state.isDown = true;
    expect((await world.until(call)).status).toBe(200);
    await world.advance(3000);
    state.isDown = false;
    await world.advance(10_000);
    const elsewhere = await world.until(start().of(request));
    expect((await world.until(elsewhere.fetch('/posts'))).status).toBe(200);
    expect(server.sent).toEqual(['ann-refresh-1']);
  });
});

describe('a missing row', () => {
  // claim: server-missing-row
  it('is a session that is over, and no instance writes it again', async () => {
    const { world, server, sessions, request, store } = await signedIn();
    await world.advance(11 * MINUTE);
    world.latencyMs = 500;
    const call = (await world.until(sessions.of(request))).fetch('/posts').catch((error: { code: string }) => error.code);
    await world.advance(200);
    const [entry] = await world.until(sessions.list('ann'));
    const row = await store.read(entry!.key, MINUTE);
    await store.remove(entry!.key, row!.etag);
    expect(await world.until(call)).toBe('session_changed');
    expect(await store.read(entry!.key, MINUTE)).toBeNull();
    expect(server.accepted).toEqual([]);
  });
});
