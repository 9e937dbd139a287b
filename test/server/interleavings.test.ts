import type { Sessions, SessionStore } from 'unexpired/server';
import { describe, expect, it } from 'vitest';
import { createInstances, requestWith } from './support/instances.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function call(sessions: Sessions, request: Request): Promise<number | string> {
  return sessions.of(request).then((session) => session.fetch('/posts')).then(({ status }) => status, (error: { code: string }) => error.code);
}

async function expired(wrap: (store: SessionStore, wait: (ms: number) => Promise<void>) => SessionStore = (store) => store) {
  const setup = createInstances();
  const { world, server, start } = setup;
  const timer = world.openTab().platform;
  const wait = (ms: number) => new Promise<void>((resolve) => void timer.setTimer(resolve, ms));
  const { setCookie } = await world.until(start().signIn(server.grant('ann')));
  await world.advance(11 * MINUTE);
  return { ...setup, wait, request: requestWith(setCookie), slow: start({ store: wrap(setup.store, wait) }) };
}

describe('an answer of the store that is older than a write', () => {
  it('does not end the lease of a refresh in flight', async () => {
    let reads = 0;
    const { world, server, request, slow, start } = await expired((store, wait) => ({
      ...store,
      async read(...args) {
        const isLate = ++reads === 2;
        const row = await store.read(...args);
        if (isLate) await wait(500);
        return row;
      },
      async replace(...args) {
        await wait(100);
        return store.replace(...args);
      },
    }));
    world.latencyMs = 9000;
    const calls = [call(slow, request), call(slow, request)];
    await world.advance(8000);
    expect(reads).toBe(2);
    calls.push(call(start(), request));
    await world.until(Promise.all(calls));
    expect(server.sent).toEqual(['ann-refresh-1']);
  });
});

describe('an instance that has waited for a killed one', () => {
  it('leaves the lease to another instance that has taken over, although its own last read was not answered', async () => {
    const never = () => new Promise<never>(() => undefined);
    let reads = 0;
    const { world, server, store, request, slow, start } = await expired((plain) => ({ ...plain, read: async (...args) => (++reads === 2 ? never() : plain.read(...args)) }));
    const killed = start({ store: { ...store, extend: never, replace: async (...args) => (await store.replace(...args), never()) } });
    void call(killed, request);
    await world.advance(500);
    world.latencyMs = 6000;
    const calls = [call(start(), request)];
    await world.advance(1500);
    void call(slow, request);
    await world.advance(5000);
    for (let reading = 0; reading < 15; reading++) {
      await world.advance(100);
      calls.push(call(slow, request));
    }
    await world.until(Promise.all(calls));
    await world.advance(MINUTE);
    expect(server.sent).toEqual(['ann-refresh-1']);
  });
});

describe('a sign-in whose answer of the store is lost', () => {
  it('fails, and leaves no session behind', async () => {
    const { world, server, store, start } = createInstances();
    const sessions = start({ store: { ...store, insert: async (...args) => (await store.insert(...args), Promise.reject(new Error('connection lost'))) } });
    await expect(world.until(sessions.signIn(server.grant('ann')))).rejects.toMatchObject({ code: 'storage_unavailable' });
    await world.advance(MINUTE);
    expect(await world.until(sessions.list('ann'))).toEqual([]);
    await world.until(sessions.close());
  });
});

describe('close', () => {
  it.each([
    ['the store is down', (store: SessionStore) => ({ ...store, replace: async () => Promise.reject(new Error('down')) }), 10],
    ['an API does not answer', (store: SessionStore) => store, 5 * MINUTE],
  ])('ends after 10 s if %s', async (_, wrap, latencyMs) => {
    const { world, request, slow, server } = await expired(wrap);
    server.lifetimeMs = DAY;
    world.latencyMs = latencyMs;
    void call(slow, request);
    await world.advance(1000);
    const startedAt = world.now();
    await world.until(slow.close());
    expect(world.now() - startedAt).toBeLessThanOrEqual(10_000);
  });

  it('ends sign-ins, too', async () => {
    const { world, server, request, slow } = await expired();
    await world.until(slow.close());
    await expect(world.until(slow.signIn(server.grant('bob')))).rejects.toMatchObject({ code: 'disposed' });
    await expect(world.until(slow.of(request))).rejects.toMatchObject({ code: 'disposed' });
  });
});

describe('a slow answer of the store', () => {
  it('does not set the clock of an instance back, so no expired token is sent', async () => {
    const setup = createInstances();
    const { world, server, start, store } = setup;
    const timer = world.openTab().platform;
    const sessions = start();
    const slow = start({ store: { ...store, async read(...args) {
      const row = await store.read(...args);
      await new Promise<void>((resolve) => void timer.setTimer(resolve, 4000));
      return row;
    } } });
    const { setCookie } = await world.until(sessions.signIn(server.grant('ann')));
    await world.advance(10 * MINUTE - 2000);
    expect(await world.until(call(slow, requestWith(setCookie)))).toBe(200);
    expect(server.refused).toEqual([]);
  });
});

describe('the end of a session', () => {
  it('whose access token has expired sends no refresh', async () => {
    const { world, server, start, request } = await expired();
    const sessions = start();
    expect(await world.until(sessions.endAll('ann'))).toBe(1);
    const { setCookie } = await world.until(sessions.signIn(server.grant('bob')));
    await world.advance(11 * MINUTE);
    await world.until(sessions.signIn(server.grant('ann'), requestWith(setCookie)));
    await world.advance(MINUTE);
    expect(server.sent).toEqual([]);
    expect(await world.until(call(sessions, request))).toBe('signed_out');
  });
});
