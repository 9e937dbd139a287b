import { createAuthClient, memory, type AuthClient } from 'unexpired/core';
import { bonfire } from 'unexpired/bonfire';
import { createBonfireApi, createTestClock, type BonfireApi, type TestClock } from 'unexpired/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

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
    await auth.signIn(protocol.createBotTokens(['ember']));
  });
  afterEach(() => auth.dispose());

  it('lets a day pass in a moment: a refresh ahead of each expiry, and never an expired token', async () => {
    await clock.advance(24 * HOUR);
    expect(api.counts.refreshes).toBeGreaterThanOrEqual(24);
    expect((await auth.fetch('/users/me')).status).toBe(200);
    expect(api.calls.filter(({ expiredByMs }) => expiredByMs !== undefined)).toEqual([]);
  });

  it('stands still in between: what takes the API time takes none of the test’s', async () => {
    api.configure({ latencyMs: 5000 });
    const answer = auth.fetch('/users/me');
    const startedAt = clock.now();
    await clock.advance(4999);
    expect(api.calls.at(-1)?.status).toBe('pending');
    await clock.advance(1);
    expect((await answer).status).toBe(200);
    expect(clock.now() - startedAt).toBe(5000);
  });

  it('plays an outage of ten minutes: the session waits, and goes on by itself', async () => {
    const end = api.addFault({ kind: 'status', status: 503, endpoint: 'refresh' });
    await clock.advance(HOUR + 10 * 60_000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'waiting' } });
    end();
    await clock.advance(61_000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'idle' } });
  });

  it('waits for what goes on outside the thread, however long it takes', async () => {
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
    await slow.signIn(protocol.createBotTokens(['cinder']));
    await clock.advance(HOUR);
    expect(slow.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'idle' } });
    slow.dispose();
  });

  it('goes on through refreshes that hang for an hour, and notices when they do no more', async () => {
    const end = api.addFault({ kind: 'hang', endpoint: 'refresh' });
    await clock.advance(2 * HOUR);
    expect(auth.getSnapshot().status).toBe('signedIn');
    end();
    await clock.advance(2 * 61_000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'idle' } });
    expect((await auth.fetch('/users/me')).status).toBe(200);
  });

  it('is not held up by a request that hangs', async () => {
    api.addFault({ kind: 'hang', endpoint: 'me' });
    const answer = auth.fetch('/users/me').catch((error: unknown) => error);
    await clock.advance(HOUR);
    api.clearFaults();
    expect(await answer).toBeInstanceOf(TypeError);
  });
});

it('works with the fake timers of a test runner, too: timers, Date and performance have to be faked', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  try {
    const api = createBonfireApi({ accessTokenLifetimeMs: HOUR });
    vi.stubGlobal('fetch', api.fetch);
    const auth = createAuthClient({ protocol, storage: memory() });
    await auth.signIn(protocol.createBotTokens(['ember']));
    await vi.advanceTimersByTimeAsync(HOUR);
    await vi.waitFor(() => expect(api.counts.refreshes).toBe(1)); // Signing a token takes no timer, but a moment.
    auth.dispose();
  } finally {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  }
});
