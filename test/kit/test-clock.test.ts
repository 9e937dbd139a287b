import { createAuthClient, memory, type AuthClient } from 'unexpired/core';
import { bonfire, createBotTokens } from 'unexpired/bonfire';
import { createBonfireApi, createTestClock, type BonfireApi, type TestClock } from 'unexpired/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../support/eventually.ts';

const HOUR = 3_600_000;
const protocol = bonfire({ baseUrl: 'https://api.bonfire.test/v1', appKey: 'app-key' });

describe('a test clock', () => {
  let clock: TestClock;
  let api: BonfireApi;
  let auth: AuthClient;

  beforeEach(async () => {
    clock = createTestClock();
    api = createBonfireApi({ accessTokenLifetimeMs: HOUR, now: clock.now, sleep: clock.sleep });
    auth = createAuthClient({ protocol, storage: memory(), platform: clock.platform(api.fetch) });
    await auth.signIn(createBotTokens(protocol, ['ember']));
  });
  afterEach(() => auth.dispose());

  it('lets a day pass at once, with every refresh before the expiry', async () => {
    await clock.advance(24 * HOUR);
    expect(api.counts.refreshes).toBeGreaterThanOrEqual(24);
    expect((await auth.fetch('/users/me')).status).toBe(200);
    expect(api.calls.filter(({ expiredByMs }) => expiredByMs !== undefined)).toEqual([]);
  });

  it('moves only when it is advanced, even while the API is slow', async () => {
    api.configure({ latencyMs: 5000 });
    const answer = auth.fetch('/users/me');
    const startedAt = clock.now();
    await clock.advance(4999);
    expect(api.calls.at(-1)?.status).toBe('pending');
    await clock.advance(1);
    expect((await answer).status).toBe(200);
    expect(clock.now() - startedAt).toBe(5000);
  });

  it('simulates an outage of ten minutes, after which the session recovers by itself', async () => {
    const end = api.addFault({ kind: 'status', status: 503, endpoint: 'refresh' });
    await clock.advance(HOUR + 10 * 60_000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'waiting' } });
    end();
    await clock.advance(61_000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'idle' } });
  });

  it('waits for work outside the thread, such as Web Crypto, however long it takes', async () => {
    const salt = new Uint8Array(8);
    const key = await crypto.subtle.importKey('raw', salt, 'PBKDF2', false, ['deriveBits']);
    const slow = createAuthClient({
      protocol,
      storage: memory(),
      platform: clock.platform(async (request) => {
        await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: 800_000 }, key, 256);
        return api.fetch(request);
      }),
    });
    await slow.signIn(createBotTokens(protocol, ['cinder']));
    await clock.advance(HOUR);
    expect(slow.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'idle' } });
    slow.dispose();
  });

  it('advances past refreshes that hang, and the session recovers when they end', async () => {
    const end = api.addFault({ kind: 'hang', endpoint: 'refresh' });
    await clock.advance(2 * HOUR);
    expect(auth.getSnapshot().status).toBe('signedIn');
    end();
    await clock.advance(2 * 61_000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'idle' } });
    expect((await auth.fetch('/users/me')).status).toBe(200);
  });

  it('is not blocked by a request that hangs', async () => {
    api.addFault({ kind: 'hang', endpoint: 'me' });
    const answer = auth.fetch('/users/me').catch((error: unknown) => error);
    await clock.advance(HOUR);
    api.clearFaults();
    expect(await answer).toBeInstanceOf(TypeError);
  });
});

it('a client works with fake timers that replace setTimeout, Date and performance', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  try {
    const api = createBonfireApi({ accessTokenLifetimeMs: HOUR });
    vi.stubGlobal('fetch', api.fetch);
    const auth = createAuthClient({ protocol, storage: memory() });
    await auth.signIn(createBotTokens(protocol, ['ember']));
    await vi.advanceTimersByTimeAsync(HOUR);
    await eventually(() => expect(api.counts.refreshes).toBe(1)); // Signing a token takes real time, not a timer.
    auth.dispose();
  } finally {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  }
});
