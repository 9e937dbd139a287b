import { describe, expect, it } from 'vitest';
import type { Sessions, SessionStore } from 'unexpired/server';
import { createInstances, requestWith } from './support/instances.ts';

const MINUTE = 60_000;

/** A store that refuses new texts while it is full. It still shows rows, and takes leases back. */
function filling(store: SessionStore) {
  const state = { isFull: false };
  const refuse = () => Promise.reject<never>(new Error('OOM command not allowed'));
  return {
    state,
    store: {
      ...store,
      replace: (...args) => (state.isFull ? refuse() : store.replace(...args)),
      extend: (key, owner, leaseMs) => (state.isFull && leaseMs > 0 ? refuse() : store.extend(key, owner, leaseMs)),
    } satisfies SessionStore,
  };
}

function call(sessions: Sessions, request: Request): Promise<number | string> {
  return sessions.of(request).then((session) => session.fetch('/posts')).then(({ status }) => status, (error: { code: string }) => error.code);
}

describe('while the store is full', () => {
  it.each([1000, 3000, 5000, 10_000, 20_000, 50_000])('the instance that has the new tokens keeps its lease, so no other one sends the spent refresh token, for %d ms', async (fullMs) => {
    const setup = createInstances();
    const { world, server, start } = setup;
    const { state, store } = filling(setup.store);
    const [first, second] = [start({ store }), start({ store })];
    const { setCookie } = await world.until(first.signIn(server.grant('ann')));
    await world.advance(11 * MINUTE);
    world.latencyMs = 200;
    const request = requestWith(setCookie);
    const refreshing = call(first, request);
    await world.advance(150);
    state.isFull = true;
    expect(await world.until(refreshing)).toBe(200);
    for (let ms = 0; ms < fullMs + 12_000; ms += 500) {
      state.isFull = ms < fullMs;
      void call(second, request);
      await world.advance(500);
    }
    for (const instance of [first, second, start()]) expect(await world.until(call(instance, request))).toBe(200);
    expect(server.sent).toEqual(['ann-refresh-1']);
  });
});

/** A store whose process is killed right after it has noted an attempt. */
function dying(store: SessionStore): SessionStore {
  const never = () => new Promise<never>(() => undefined);
  let isDead = false;
  const replace: SessionStore['replace'] = async (key, ifMatch, next) => {
    const write = isDead ? await never() : await store.replace(key, ifMatch, next);
    isDead ||= write.isDone;
    return isDead ? never() : write;
  };
  return { ...store, replace, extend: never };
}

describe('an instance that takes over from one that was killed', () => {
  it('extends its own lease, so a slow refresh happens once', async () => {
    const { world, server, start, store } = createInstances();
    const [first, second, third] = [start({ store: dying(store) }), start(), start()];
    const { setCookie } = await world.until(first.signIn(server.grant('ann')));
    await world.advance(11 * MINUTE);
    const request = requestWith(setCookie);
    void call(first, request); // Both read the row before either of them notes its attempt.
    void call(second, request);
    await world.advance(500);
    world.latencyMs = 9000;
    await world.advance(7500);
    void call(third, request);
    await world.advance(30_000);
    world.latencyMs = 10;
    expect(server.sent).toEqual(['ann-refresh-1']);
    expect(await world.until(call(start(), request))).toBe(200);
  });
});
