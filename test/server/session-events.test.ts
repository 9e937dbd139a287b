import type { SessionsConfig, SessionStore } from 'unexpired/server';
import { describe, expect, it } from 'vitest';
import { createInstances, requestWith } from './support/instances.ts';

const APP = 'https://app.example.com';
const SECOND = 1000;

interface SessionEvent {
  readonly status: string;
  readonly session: string | null;
  readonly endReason: string | null;
}

/** A store that announces no changes. */
function silent({ watch: _, ...store }: SessionStore): SessionStore {
  return store;
}

/** A store whose calls are all lost. */
const deaf = (store: SessionStore): SessionStore => ({ ...store, watch: () => () => undefined });

async function opened(config: Partial<SessionsConfig> = {}, storeOf = (store: SessionStore) => store) {
  const setup = createInstances();
  const { world, server } = setup;
  const store = storeOf(setup.store);
  const start = (more: Partial<SessionsConfig> = {}) => setup.start({ store, ...config, ...more });
  const [one, other] = [start(), start()];
  const { session, setCookie } = await world.until(one.signIn(server.grant('ann')));
  async function open({ sessions = other, cookie = setCookie, signal = new AbortController().signal, headers = {} } = {}) {
    const answer = await world.until(sessions.handler(requestWith(cookie, `${APP}/auth/events`, { signal, headers })));
    const reader = answer.body!.getReader();
    const part = async () => {
      const { done, value } = await world.until(reader.read());
      return done ? null : new TextDecoder().decode(value);
    };
    async function event(): Promise<SessionEvent | null> {
      for (let text = await part(); text !== null; text = await part()) if (text !== ':\n\n') return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? '') as SessionEvent;
      return null;
    }
    return { answer, part, event, cancel: () => reader.cancel() };
  }
  return { ...setup, start, one, other, session, setCookie, open };
}

describe('GET /auth/events', () => {
  // claim: server-events
  it('sends the snapshot at once, and again when the session is refreshed', async () => {
    const { open, one, session, setCookie, world, server } = await opened();
    const events = await open();
    expect([events.answer.status, events.answer.headers.get('content-type'), events.answer.headers.get('cache-control')]).toEqual([200, 'text/event-stream', 'no-store, no-transform']);
    expect(await events.event()).toEqual(session.snapshot());
    server.revoke('ann-access-1');
    await world.until((await world.until(one.of(requestWith(setCookie)))).fetch('https://api.example.com/posts'));
    const snapshot = (await world.until(one.of(requestWith(setCookie)))).snapshot();
    expect(await events.event()).toEqual(snapshot);
  });

  // claim: server-events-end
  it.each([
    ['a sign-out', false, 'on another instance'], ['a sign-out', true, 'on the same instance'],
  ])('sends the end of the session within a second of %s (%s) %s', async (_, isSame) => {
    const { open, one, other, setCookie, world } = await opened();
    const events = await open();
    await events.event();
    const leaving = await world.until((isSame ? other : one).of(requestWith(setCookie)));
    const startedAt = world.now();
    await world.until(leaving.signOut());
    expect(await events.event()).toMatchObject({ status: 'signedOut', session: null, endReason: 'sign_out' });
    expect(world.now() - startedAt).toBeLessThan(SECOND);
    expect(await events.part()).toBeNull();
  });

  it.each([
    ['within a second, with a store that calls back', undefined, 1],
    ['within a second, with a store that does not', silent, 1.2],
    ['within 20 s if the call of the store is lost', deaf, 20.2],
  ])('sends the end by endAll %s', async (_, storeOf, seconds) => {
    const { open, one, world, trips } = await opened({}, storeOf);
    const all = await Promise.all([open(), open(), open()]);
    for (const { event } of all) await event();
    const startedAt = world.now();
    await world.until(one.endAll('ann'));
    for (const { event, part } of all) expect([await event(), await part()]).toMatchObject([{ status: 'signedOut' }, null]);
    expect(world.now() - startedAt).toBeLessThan(seconds * SECOND);
    expect(trips.filter((name) => name === 'read').length).toBeLessThan(8);
  });

  it('sends a comment every 20 s', async () => {
    const { open, world } = await opened();
    const events = await open();
    await events.event();
    const startedAt = world.now();
    expect([await events.part(), world.now() - startedAt]).toEqual([':\n\n', 20 * SECOND]);
    expect([await events.part(), world.now() - startedAt]).toEqual([':\n\n', 40 * SECOND]);
  });

  // claim: server-events-idle
  it('does not let the session live longer, and starts no refresh', async () => {
    const { open, world, server } = await opened({ idleMs: 60 * SECOND, absoluteMs: 3600 * SECOND });
    server.lifetimeMs = 5 * SECOND;
    const startedAt = world.now();
    const events = await open();
    await events.event();
    await world.advance(50 * SECOND);
    await (await open()).event();
    for (let part = await events.part(); part !== null && !part.startsWith('retry'); ) part = await events.part();
    expect(world.now() - startedAt).toBeLessThanOrEqual(81 * SECOND);
    expect(server.sent).toEqual([]);
  });

  it('answers a request without a session with the one event, and asks the browser not to come back soon', async () => {
    const { open } = await opened();
    const events = await open({ cookie: 'other=1' });
    expect(await events.part()).toMatch(/^retry: 3600000\nevent: session\ndata: \{"status":"signedOut",/);
    expect(await events.part()).toBeNull();
  });

  it('goes on while the store is down, and sends the end afterwards', async () => {
    let isDown = false;
    const { open, one, world, setCookie } = await opened({}, ({ replace, ...store }) => silent({ ...store, replace: (...args) => (isDown ? Promise.reject(new Error('down')) : replace(...args)) }));
    const events = await open();
    await events.event();
    isDown = true;
    await world.advance(10 * SECOND);
    const refused = await world.until(one.handler(requestWith(setCookie, `${APP}/auth/events`)));
    expect([refused.status, await refused.json()]).toEqual([503, { error: 'storage_unavailable' }]);
    isDown = false;
    await world.until(one.endAll('ann'));
    expect(await events.event()).toMatchObject({ status: 'signedOut' });
  });

  it.each([['of another site', { 'sec-fetch-site': 'cross-site' }], ['of another subdomain', { 'sec-fetch-site': 'same-site' }]])('refuses a page %s', async (_, headers) => {
    const { open } = await opened();
    expect((await open({ headers })).answer.status).toBe(403);
  });
});

describe('the connections of GET /auth/events', () => {
  // claim: server-events-released
  it.each(['aborts its request', 'cancels the answer', 'is cut off by close'])('leave nothing behind when the browser %s', async (how) => {
    const held = new Set<string>();
    const { open, start, world, platform: platformOf } = await opened({}, ({ watch, ...store }) => ({
      ...store,
      watch(key, onChange) {
        const release = watch!(key, onChange);
        held.add('a watch');
        return () => void (held.delete('a watch'), release());
      },
    }));
    const platform = platformOf();
    const setTimer: typeof platform.setTimer = (callback, delayMs, isBackground) => {
      if (isBackground) held.add('a timer');
      const release = platform.setTimer(callback, delayMs, isBackground);
      return () => void (isBackground && held.delete('a timer'), release());
    };
    const other = start({ platform: { ...platform, setTimer } });
    const controller = new AbortController();
    const events = await open({ sessions: other, signal: controller.signal });
    await events.event();
    expect([...held]).toEqual(['a timer', 'a watch']);
    if (how === 'aborts its request') controller.abort();
    if (how === 'cancels the answer') await events.cancel();
    if (how === 'is cut off by close') await world.until(other.close());
    expect([...held]).toEqual([]);
    if (how !== 'cancels the answer') expect(await events.part()).toBeNull();
  });

  it('are refused with 429 beyond 32 of one session, and others of the instance go on', async () => {
    const { open, other, world, server } = await opened();
    const all = await Promise.all(Array.from({ length: 33 }, () => open()));
    expect(all.map(({ answer }) => answer.status)).toEqual([...Array.from({ length: 32 }, () => 200), 429]);
    await all[0]!.cancel();
    expect((await open()).answer.status).toBe(200);
    const bob = await world.until(other.signIn(server.grant('bob')));
    expect((await open({ cookie: bob.setCookie })).answer.status).toBe(200);
  });

  it('are ended if the browser takes nothing for minutes', async () => {
    const { open, world } = await opened();
    const all = await Promise.all(Array.from({ length: 32 }, () => open()));
    await world.advance(600 * SECOND);
    expect((await open()).answer.status).toBe(200);
    expect(all).toHaveLength(32);
  });
});
