import { describe, expect, it } from 'vitest';
import type { Sessions, SessionStore } from 'unexpired/server';
import { settleIn } from '../support/world/tab-process.ts';
import { createInstances, requestWith } from './support/instances.ts';

const MINUTE = 60_000;
const never = () => new Promise<never>(() => undefined);

function call(sessions: Sessions, request: Request): Promise<number | string> {
  return sessions.of(request).then((session) => session.fetch('/posts')).then(({ status }) => status, (error: { code: string }) => error.code);
}

/** A session whose access token has expired, and an instance whose store the test can silence. */
async function withSession() {
  const setup = createInstances();
  const { world, server, start } = setup;
  const { setCookie } = await world.until(start().signIn(server.grant('ann')));
  await world.advance(11 * MINUTE);
  return { ...setup, request: requestWith(setCookie), other: start() };
}

describe('an instance whose store does not answer', () => {
  it('keeps its lease until the store has its new tokens, so no other instance sends the former refresh token', async () => {
    const { world, server, start, store, request, other } = await withSession();
    const state = { isSilent: false };
    const silenced = <A extends readonly unknown[], R>(run: (...args: A) => Promise<R>) => (...args: A): Promise<R> => (state.isSilent ? never() : run(...args));
    const own: SessionStore = { ...store, read: silenced(store.read), replace: silenced(store.replace) };
    world.latencyMs = 1000;
    const first = call(start({ store: own }), request);
    await world.advance(800);
    state.isSilent = true;
    expect(await world.until(first)).toBe(200);
    expect(await world.until(call(other, request))).toBe('refresh_unavailable');
    state.isSilent = false;
    await world.advance(30_000);
    expect(await world.until(call(other, request))).toBe(200);
    expect(server.sent).toEqual(['ann-refresh-1']);
  });

  it('extends its lease again after an extension that was never answered', async () => {
    const { world, server, start, store, request, other } = await withSession();
    let extensions = 0;
    const own: SessionStore = { ...store, extend: (...args) => (extensions++ === 0 ? never() : store.extend(...args)) };
    world.latencyMs = 25_000;
    void call(start({ store: own }), request);
    await world.advance(9000);
    world.latencyMs = 20;
    expect(await world.until(call(other, request))).toBe('refresh_unavailable');
    await world.advance(20_000);
    expect(await world.until(call(other, request))).toBe(200);
    expect(server.sent).toEqual(['ann-refresh-1']);
  });

  it('rejects endAll and list after 5 s', async () => {
    const { world, start, store } = await withSession();
    const sessions = start({ store: { ...store, list: never } });
    const startedAt = world.now();
    await expect(world.until(sessions.endAll('ann'))).rejects.toMatchObject({ code: 'storage_unavailable' });
    await expect(world.until(sessions.list('ann'))).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(world.now() - startedAt).toBe(10_000);
  });
});

describe('an instance that is paused before its refresh is sent', () => {
  it('extends the lease of the attempt that it notes when it goes on', async () => {
    const { world, server, start, store, platform, request, other } = await withSession();
    const { platform: own, process } = world.openTab();
    let notes = 0;
    const replace: SessionStore['replace'] = (...args) => settleIn(process, store.replace(...args).finally(() => notes++ === 0 && process.freeze()));
    const paused = start({ platform: { ...platform(), now: own.now, setTimer: own.setTimer, fetch: own.fetch }, store: { ...store, replace } });
    void call(paused, request);
    await world.advance(6000);
    world.latencyMs = 25_000;
    process.thaw();
    await world.advance(9000);
    world.latencyMs = 20;
    expect(await world.until(call(other, request))).toBe('refresh_unavailable');
    await world.advance(20_000);
    expect(await world.until(call(other, request))).toBe(200);
    expect(server.sent).toEqual(['ann-refresh-1']);
  });
});
