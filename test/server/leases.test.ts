import { describe, expect, it } from 'vitest';
import type { Sessions, SessionStore } from 'unexpired/server';
import { createInstances, requestWith } from './support/instances.ts';

const MINUTE = 60_000;

/** Runs an instance whose process dies or pauses at a moment of a refresh. Its store and its network stop with it. */
async function withInstance() {
  const setup = createInstances();
  const { world, server, start } = setup;
  const sessions = start();
  const { setCookie } = await world.until(sessions.signIn(server.grant('ann')));
  await world.advance(11 * MINUTE);
  return { ...setup, sessions, request: requestWith(setCookie) };
}

const never = () => new Promise<never>(() => undefined);

/** A store whose connection is gone from a moment on, as that of a killed process. */
function dying(store: SessionStore) {
  const state = { isDead: false };
  const wrap = <A extends readonly unknown[], R>(run: (...args: A) => Promise<R>) => async (...args: A): Promise<R> => {
    if (state.isDead) return never();
    const result = await run(...args);
    return state.isDead ? never() : result;
  };
  return { state, store: { ...store, read: wrap(store.read), replace: wrap(store.replace), extend: wrap(store.extend), remove: wrap(store.remove) } };
}

function call(sessions: Sessions, request: Request): Promise<number | string> {
  return sessions.of(request).then((session) => session.fetch('/posts')).then(({ status }) => status, (error: { code: string }) => error.code);
}

describe('an instance that is killed', () => {
  // claim: server-killed-before-the-refresh
  it('before its refresh was sent costs the session nothing: another instance refreshes when the lease is over', async () => {
    const { world, server, start, store, request } = await withInstance();
    const { state, store: own } = dying(store);
    const replace = own.replace;
    const killed = start({ store: { ...own, replace: async (...args) => (await replace(...args), (state.isDead = true), never()) } });
    void call(killed, request);
    await world.advance(500);
    const startedAt = world.now();
    expect(await world.until(call(start(), request))).toBe(200);
    expect(world.now() - startedAt).toBeLessThanOrEqual(8000);
    expect(server.sent).toEqual(['ann-refresh-1']);
  });

  // claim: server-killed-with-the-answer
  it('after its answer was lost ends the session at an API without a grace period, with rotation_lost as the reason', async () => {
    const { world, server, start, store, request } = await withInstance();
    const { state, store: own } = dying(store);
    world.latencyMs = 500;
    void call(start({ store: own }), request);
    await world.advance(300);
    state.isDead = true;
    await world.advance(12_000);
    const other = start();
    expect(await world.until(call(other, request))).toBe('session_ended');
    expect((await world.until(other.of(request))).snapshot().endReason).toBe('rotation_lost');
    expect(server.sent).toEqual(['ann-refresh-1', 'ann-refresh-1']);
  });
});

describe('an instance that is killed after the API has rotated the refresh token', () => {
  // claim: server-killed-with-grace
  it('costs nothing at an API with a grace period', async () => {
    const { world, server, start, store, request } = await withInstance();
    server.hasGrace = true;
    const { state, store: own } = dying(store);
    world.latencyMs = 500;
    void call(start({ store: own }), request);
    await world.advance(300);
    state.isDead = true;
    await world.advance(12_000);
    expect(await world.until(call(start(), request))).toBe(200);
    expect(server.isAlive('ann')).toBe(true);
  });
});

describe('a lease', () => {
  // claim: server-lease-extended
  it('is extended while a slow refresh is running, so no other instance refreshes', async () => {
    const { world, server, sessions, start, request } = await withInstance();
    world.latencyMs = 9000;
    const calls = [call(sessions, request), ...[start(), start()].map((instance) => call(instance, request))];
    await world.advance(15_000);
    expect(server.sent).toHaveLength(1);
    await world.until(Promise.all(calls));
    world.latencyMs = 10;
    expect(await world.until(call(start(), request))).toBe(200);
    expect(server.reuses).toBe(0);
  });

  it('is given back with the new tokens, so a waiting instance goes on at once', async () => {
    const { world, sessions, start, request } = await withInstance();
    world.latencyMs = 400;
    const first = call(sessions, request);
    const second = call(start(), request);
    await world.until(first);
    const answeredAt = world.now();
    expect(await world.until(second)).toBe(200);
    expect(world.now() - answeredAt).toBeLessThan(1000);
  });

  it('needs no announcements: without watch, waiting instances look again', async () => {
    const { world, server, start, store, request } = await withInstance();
    const { watch: _, ...plain } = store;
    const instances = [start({ store: plain }), start({ store: plain }), start({ store: plain })];
    const answers = await world.until(Promise.all(instances.map((instance) => call(instance, request))));
    expect(answers).toEqual([200, 200, 200]);
    expect(server.sent).toHaveLength(1);
  });
});

describe('instances whose clocks differ', () => {
  // claim: server-clocks-apart
  it.each([-10 * MINUTE, 10 * MINUTE])('by %d ms refresh once, and send no expired token', async (skewMs) => {
    const { world, server, platform, start } = createInstances();
    const skewed = start({ platform: platform(skewMs) });
    const right = start();
    const { setCookie } = await world.until(right.signIn(server.grant('ann')));
    const request = requestWith(setCookie);
    for (let minute = 0; minute < 30; minute++) {
      expect(await world.until(call(skewed, request))).toBe(200);
      expect(await world.until(call(right, request))).toBe(200);
      await world.advance(MINUTE);
    }
    expect(server.reuses).toBe(0);
    expect(server.sent.length).toBeLessThanOrEqual(5);
  });
});
