import { bonfire } from 'unexpired/bonfire';
import { AuthError, memory } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { BASE_URL, createSetup, LIFETIME_MS, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

describe('a final answer to a refresh', () => {
  // claim: final-codes-end-the-session
  it.each([
    [451, 'refresh_token_invalid'],
    [460, 'login_required'],
    [800, 'password_reset_required'],
    [810, 'suspended'],
  ] as const)('with error code %i ends the session as %s in both tabs', async (code, endReason) => {
    const { auth } = await setup.openSignedIn();
    const other = setup.open();
    await setup.world.until(other.auth.getAccessToken());
    setup.api.endSession({}, code);
    expect(await setup.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'session_ended', endReason, transient: false });
    await setup.world.advance(10);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason });
    expect(other.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason });
    expect(setup.storedText()).not.toContain('eyJ');
  });
});

describe('an answer about the resource', () => {
  // claim: other-codes-cost-no-refresh
  it.each([400, 401, 420, 711, 730, 740, 800, 810])('with error code %i causes no refresh and ends no session', async (code) => {
    const { auth } = await setup.openSignedIn();
    setup.api.addFault({ endpoint: 'me', kind: 'error', code, status: 401 });
    const response = await setup.world.until(auth.fetch('/users/me'));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code } });
    expect(setup.answers('refresh')).toEqual([]);
    expect(setup.answers('me')).toEqual([401]);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });
});

describe('a transient failure', () => {
  // claim: transient-failure-keeps-the-session
  it.each([
    ['503', { kind: 'status', status: 503 }],
    ['429', { kind: 'status', status: 429, retryAfter: 2 }],
    ['an HTML page', { kind: 'html' }],
    ['an empty answer', { kind: 'empty' }],
    ['truncated JSON', { kind: 'malformed' }],
    ['error code 980', { kind: 'error', code: 980, status: 500 }],
    ['no network', { kind: 'dropBefore' }],
  ] as const)('(%s) keeps the session, which refreshes by itself once the API recovers', async (_, fault) => {
    const { auth } = await setup.openSignedIn();
    const remove = setup.api.addFault({ endpoint: 'refresh', ...fault });
    await setup.world.advance(LIFETIME_MS * 2);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'waiting' } });
    expect(auth.getSnapshot().refresh.error).toMatchObject({ code: 'refresh_unavailable', transient: true });
    remove();
    await setup.world.advance(61_000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'idle', error: null } });
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });

  it('does not affect calls while the token is still valid', async () => {
    const { auth } = await setup.openSignedIn();
    setup.api.addFault({ endpoint: 'refresh', kind: 'status', status: 503 });
    await setup.world.advance(LIFETIME_MS * 0.85);
    expect(auth.getSnapshot().refresh.state).toBe('waiting');
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });

  it('allows at most 20 attempts in a minute, even if four tabs make 5 calls a second each', async () => {
    const tabs = [await setup.openSignedIn(), setup.open(), setup.open(), setup.open()];
    setup.api.addFault({ endpoint: 'refresh', kind: 'status', status: 503 });
    await setup.world.advance(LIFETIME_MS * 2);
    setup.api.clearCalls();
    const calls: Promise<unknown>[] = [];
    for (let tick = 0; tick < 300; tick++) {
      for (const { auth } of tabs) calls.push(auth.fetch('/users/me').catch((error: unknown) => error));
      await setup.world.advance(200);
    }
    const outcomes = await setup.world.until(Promise.all(calls));
    expect(setup.answers('refresh').length).toBeLessThanOrEqual(20);
    expect(setup.answers('me')).toEqual([]);
    expect(outcomes.every((outcome) => AuthError.is(outcome) && outcome.code === 'refresh_unavailable' && outcome.transient)).toBe(true);
  });

  it('that 8 tabs meet at the same time is one attempt', async () => {
    const tabs = [await setup.openSignedIn(), ...Array.from({ length: 7 }, () => setup.open())];
    for (const { auth } of tabs) await setup.world.until(auth.getAccessToken());
    setup.api.revokeAccessTokens();
    setup.api.addFault({ endpoint: 'refresh', kind: 'status', status: 503, retryAfter: 60 });
    const errors = await setup.world.until(Promise.all(tabs.map(({ auth }) => rejection(auth.fetch('/users/me')))));
    for (const error of errors) expect(error).toMatchObject({ code: 'refresh_unavailable', transient: true });
    await setup.world.advance(1000); // Each tab that waited for the lock has had its turn.
    expect(setup.answers('refresh')).toEqual([503]);
  });

  // claim: retry-after-honoured
  it('is not retried before Retry-After has passed, even if the page wakes', async () => {
    const { auth, tab } = await setup.openSignedIn();
    setup.api.addFault({ endpoint: 'refresh', kind: 'status', status: 429, retryAfter: 120 });
    expect(await setup.world.until(rejection(auth.refresh()))).toMatchObject({ code: 'refresh_unavailable' });
    for (const signal of ['online', 'focus', 'visible'] as const) {
      tab.wake(signal);
      await setup.world.advance(39_000);
    }
    expect(setup.answers('refresh')).toEqual([429]);
    await setup.world.advance(20_000);
    expect(setup.answers('refresh')).toEqual([429, 429]);
  });

  it('rejects a call with the time of the next attempt as `retryAt`', async () => {
    const { auth } = await setup.openSignedIn();
    setup.api.addFault({ endpoint: 'refresh', kind: 'status', status: 503, retryAfter: 60 });
    setup.api.revokeAccessTokens();
    const error = await setup.world.until(rejection(auth.fetch('/users/me')));
    const wait = (error as AuthError).retryAt! - setup.world.now();
    expect(error).toMatchObject({ code: 'refresh_unavailable', transient: true });
    expect(wait).toBeGreaterThan(59_000);
    expect(wait).toBeLessThan(67_000);
  });

  it('is retried at once when the network comes back', async () => {
    const { auth, tab } = await setup.openSignedIn();
    setup.faultRefreshes('dropBefore');
    await setup.world.advance(LIFETIME_MS * 3);
    expect(auth.getSnapshot().refresh.state).toBe('waiting');
    setup.world.faultOf = () => 'none';
    tab.wake('online');
    await setup.world.advance(100);
    expect(auth.getSnapshot().refresh.state).toBe('idle');
    expect(setup.answers('refresh')).toEqual([200]);
  });

  it('keeps its backoff over five reloads', async () => {
    const first = await setup.openSignedIn();
    setup.api.addFault({ endpoint: 'refresh', kind: 'status', status: 429, retryAfter: 300 });
    await setup.world.until(rejection(first.auth.refresh()));
    first.tab.kill();
    for (let reload = 0; reload < 5; reload++) {
      const { auth, tab } = setup.open();
      await setup.world.until(auth.getAccessToken().catch(() => undefined));
      await setup.world.advance(5000);
      tab.kill();
    }
    expect(setup.answers('refresh')).toEqual([429]);
  });
});

describe('a wrong App Key', () => {
  // claim: misconfigured-keeps-the-session
  it('keeps the session, rejects calls with misconfigured, and is sent again only by refresh()', async () => {
    const { auth } = await setup.openSignedIn();
    const remove = setup.api.addFault({ endpoint: 'refresh', kind: 'error', code: 452 });
    await setup.world.advance(LIFETIME_MS * 5);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked', error: { code: 'misconfigured' } } });
    expect(await setup.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'misconfigured', transient: false });
    expect(setup.answers('refresh')).toEqual([401]);
    remove();
    await setup.world.until(auth.refresh());
    expect(auth.getSnapshot().refresh.state).toBe('idle');
  });
});

describe('an outdated App Key in one tab', () => {
  const outdated = bonfire({ baseUrl: BASE_URL, appKey: 'outdated' });

  it('does not stop the tabs with the right one from refreshing', async () => {
    const first = await setup.openSignedIn();
    const old = setup.open({ protocol: outdated });
    await setup.world.until(old.auth.getAccessToken());
    expect(await setup.world.until(rejection(old.auth.refresh()))).toMatchObject({ code: 'misconfigured' });
    expect(old.auth.getSnapshot().refresh.state).toBe('blocked');
    await setup.world.advance(LIFETIME_MS * 5);
    for (const { auth } of [first, old]) expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(first.auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'idle' } });
  });

  it('makes refresh() wait as long as the API has asked another tab to wait since', async () => {
    const first = await setup.openSignedIn();
    const old = setup.open({ protocol: outdated });
    await setup.world.until(old.auth.ready().then(() => rejection(old.auth.refresh())));
    setup.api.addFault({ endpoint: 'refresh', kind: 'status', status: 503, retryAfter: 3 });
    for (const { auth } of [first, old]) {
      void rejection(auth.refresh());
      await setup.world.advance(1500);
    }
    expect(setup.answers('refresh')).toEqual([401, 503]);
  });

  it('is sent once by each tab that has it, even if they stay open', async () => {
    const { auth } = await setup.openSignedIn();
    const tokens = auth.getSnapshot().tokens!;
    auth.dispose();
    const first = setup.open({ protocol: outdated });
    await setup.world.until(first.auth.signIn(tokens));
    const second = setup.open({ protocol: outdated });
    await setup.world.until(second.auth.getAccessToken());
    await setup.world.advance(LIFETIME_MS * 5);
    expect(setup.answers('refresh')).toEqual([401, 401]);
    for (const { auth } of [first, second]) expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked' } });
  });
});

describe('an endpoint that always answers 450', () => {
  it('causes one refresh for 20 calls and ends no session', async () => {
    const { auth } = await setup.openSignedIn();
    setup.api.addFault({ endpoint: 'post', kind: 'error', code: 450 });
    for (let call = 0; call < 20; call++) {
      const response = await setup.world.until(auth.fetch('/posts/1'));
      expect(await response.json()).toMatchObject({ error: { code: 450 } });
    }
    expect(setup.answers('refresh')).toEqual([200]);
    expect(setup.answers('post')).toHaveLength(21);
    expect(auth.getSnapshot().status).toBe('signedIn');
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });
});

describe('no token value', () => {
  it('appears in the error of a lost answer, however the request encoded it', async () => {
    const { auth } = setup.open({ storage: memory() });
    await setup.world.until(auth.signIn({ accessToken: 'a!cc3ss~token', refreshToken: 'M.C5_BAY!r3fresh~t(o)ken', expiresAt: null, scopes: [] }));
    setup.world.errorsQuoteInput = true;
    setup.world.faultOf = () => 'dropBefore';
    const error = await setup.world.until(rejection(auth.refresh()));
    setup.world.faultOf = () => 'none';
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/r3fresh/);
  });

  // claim: no-token-in-an-error
  it('appears in an error, a warning or a stored failure', async () => {
    const { auth, tab } = await setup.openSignedIn();
    const { accessToken, refreshToken } = auth.getSnapshot().tokens!;
    const errors: unknown[] = [];
    const storage = { ...tab.platform.storage, update: () => Promise.reject(new Error(`cannot store ${accessToken} and ${refreshToken}`)) };
    const leaking = setup.open({
      platform: {
        ...tab.platform,
        storage,
        fetch: (input, init) => Promise.reject(new TypeError(`failed ${String(input)} ${JSON.stringify(init)} ${String(init?.body)}`)),
      },
    });
    errors.push(await setup.world.until(rejection(leaking.auth.refresh())).catch((error: unknown) => error));
    errors.push(leaking.auth.getSnapshot().refresh.error);
    const texts = errors.map((error) => `${String(error)} ${(error as Error | null)?.stack} ${JSON.stringify(error)} ${String((error as Error | null)?.cause)}`);
    const everything = [...texts, ...tab.warnings].join('\n');
    expect(everything).toContain('could not be reached');
    expect(tab.warnings).toEqual([expect.stringMatching(/failed: Error$/)]);
    for (const secret of [accessToken, String(refreshToken), 'app-key']) {
      for (let at = 0; at + 12 <= secret.length; at += 12) expect(everything).not.toContain(secret.slice(at, at + 12));
      if (secret.length < 12) expect(everything).not.toContain(secret);
    }
  });
});

describe('a device that reports to be offline', () => {
  const offline = () => {
    setup.world.online = false;
    setup.world.faultOf = () => 'dropBefore';
  };

  it('makes no further attempt after one has failed, and one attempt when it is online again', async () => {
    const tabs = [setup.open(), setup.open(), setup.open()];
    await setup.signIn(tabs[0]!.auth);
    for (const { auth } of tabs) auth.subscribe(() => undefined);
    let sent = 0;
    offline();
    setup.world.faultOf = () => (sent++, 'dropBefore');
    await setup.world.advance(3_600_000);
    expect(sent).toBe(1);
    expect(tabs.map(({ auth }) => auth.getSnapshot().refresh.state)).toEqual(['waiting', 'waiting', 'waiting']);
    setup.world.online = true;
    setup.world.faultOf = () => 'none';
    for (const { tab } of tabs) tab.wake('online');
    await setup.world.advance(1000);
    expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0, rejections: 0 });
    expect(tabs.map(({ auth }) => auth.getSnapshot().refresh.state)).toEqual(['idle', 'idle', 'idle']);
  });

  it('by mistake, as some do behind a VPN, still refreshes', async () => {
    const { platform } = setup.world.openTab();
    const { auth } = setup.open({ platform: { ...platform, isOnline: () => false } });
    await setup.signIn(auth);
    await setup.world.advance(LIFETIME_MS * 3);
    expect(setup.api.counts.refreshes).toBeGreaterThan(2);
    expect(auth.getSnapshot().refresh.state).toBe('idle');
  });

  it('rejects a call with refresh_unavailable and a message that says offline', async () => {
    const { auth } = await setup.openSignedIn();
    offline();
    await setup.world.advance(LIFETIME_MS * 3);
    expect(await setup.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'refresh_unavailable', transient: true, message: expect.stringContaining('offline') });
  });
});
