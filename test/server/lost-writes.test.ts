import type { Sessions, SessionRow, SessionStore } from 'unexpired/server';
import { describe, expect, it } from 'vitest';
import { createInstances, requestWith, type Instances } from './support/instances.ts';

const MINUTE = 60_000;
const WEEK = 7 * 24 * 60 * MINUTE;

function call(sessions: Sessions, request: Request): Promise<number | string> {
  return sessions.of(request).then((session) => session.fetch('/posts')).then(({ status }) => status, (error: { code: string }) => error.code);
}

async function signedIn() {
  const setup = createInstances();
  const sessions = setup.start();
  const { setCookie } = await setup.world.until(sessions.signIn(setup.server.grant('ann')));
  const [entry] = await setup.world.until(sessions.list('ann'));
  return { ...setup, sessions, key: entry!.key, request: requestWith(setCookie) };
}

/** Runs a task on an instance, and takes back what it has written, as a failover without the last writes does. */
async function loseWrites({ store, key }: Pick<Instances, 'store'> & { readonly key: string }, task: () => Promise<unknown>): Promise<void> {
  const before = (await store.read(key, WEEK))!;
  await task();
  const now = (await store.read(key, WEEK))!;
  await store.replace(key, now.etag, { ...before, isEnded: false });
}

/** A store that reads, and refuses every write while it is full. */
function fillable(store: SessionStore) {
  const state = { isFull: false };
  const guard = <A extends readonly unknown[], R>(run: (...args: A) => Promise<R>) => (...args: A) => (state.isFull ? Promise.reject<R>(new Error('OOM command not allowed')) : run(...args));
  return { state, store: { ...store, insert: guard(store.insert), replace: guard(store.replace) } };
}

describe('a failover that has lost the write of new tokens', () => {
  // claim: server-failover-ends-a-session
  it('ends the session at an API without a grace period when another instance refreshes', async () => {
    const { world, server, start, sessions, request, ...rest } = await signedIn();
    await world.advance(11 * MINUTE);
    await loseWrites(rest, () => world.until(call(sessions, request)));
    await world.advance(11 * MINUTE);
    const other = start();
    expect(await world.until(call(other, request))).toBe('session_ended');
    expect((await world.until(other.of(request))).snapshot().endReason).toBe('refresh_token_invalid');
    expect(server.sent).toEqual(['ann-refresh-1', 'ann-refresh-1']);
  });

  // claim: server-failover-with-grace
  it('costs nothing at an API with a grace period', async () => {
    const { world, server, start, sessions, request, ...rest } = await signedIn();
    server.hasGrace = true;
    await world.advance(11 * MINUTE);
    await loseWrites(rest, () => world.until(call(sessions, request)));
    expect(await world.until(call(start(), request))).toBe(200);
    expect(server.isAlive('ann')).toBe(true);
  });

  // claim: server-failover-written-back
  it('costs nothing if the instance that has refreshed gets the next request', async () => {
    const { world, server, start, sessions, request, ...rest } = await signedIn();
    await world.advance(11 * MINUTE);
    const session = await world.until(sessions.of(request));
    await loseWrites(rest, () => world.until(session.fetch('/posts')));
    expect(await world.until(call(sessions, request))).toBe(200);
    await world.advance(MINUTE);
    expect(await world.until(call(start(), request))).toBe(200);
    expect(server.sent).toEqual(['ann-refresh-1']);
  });
});

describe('a failover that has lost the write of a sign-out', () => {
  // claim: server-failover-loses-a-sign-out
  it('brings the session back until its access token expires, because the sign-out has revoked its refresh token', async () => {
    const { world, server, start, sessions, request, store, key } = await signedIn();
    const before = (await store.read(key, WEEK))!;
    await world.until((await world.until(sessions.of(request))).signOut());
    await world.advance(1000);
    await store.insert(key, { ...before, subject: 'ann', idleMs: WEEK, absoluteMs: WEEK });
    expect(await world.until(call(start(), request))).toBe(200);
    await world.advance(11 * MINUTE);
    expect(await world.until(call(start(), request))).toBe('session_ended');
    expect(server.sent).toEqual(['ann-refresh-1']);
  });
});

describe('a store that is full', () => {
  async function onFull() {
    const setup = await signedIn();
    const { state, store } = fillable(setup.store);
    return { ...setup, state, full: setup.start({ store }) };
  }

  // claim: server-full-store
  it('answers a request with a good token, refreshes nothing, and refuses a sign-in', async () => {
    const { world, server, state, full, request } = await onFull();
    state.isFull = true;
    expect(await world.until(call(full, request))).toBe(200);
    await world.advance(11 * MINUTE);
    expect(await world.until(call(full, request))).toBe('refresh_unavailable');
    await expect(world.until(full.signIn(server.grant('bob')))).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(server.sent).toEqual([]);
    state.isFull = false;
    await world.advance(MINUTE);
    expect(await world.until(call(full, request))).toBe(200);
  });
});

describe('a row that the store has evicted', () => {
  // claim: server-evicted-row
  it('signs its user out, and no other', async () => {
    const { world, server, sessions, store, key, request } = await signedIn();
    const bob = await world.until(sessions.signIn(server.grant('bob')));
    const row: SessionRow = (await store.read(key, WEEK))!;
    await store.remove(key, row.etag);
    expect(await world.until(call(sessions, request))).toBe('signed_out');
    expect(await world.until(call(sessions, requestWith(bob.setCookie)))).toBe(200);
  });
});
