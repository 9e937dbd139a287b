import { bonfire } from 'unexpired/bonfire';
import { AuthError, memory } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { BASE_URL, createScene, LIFETIME_MS, rejection, type Scene } from '../support/scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = createScene();
});

describe('a final answer to a refresh', () => {
  // claim: final-codes-end-the-session
  it.each([
    [451, 'refresh_token_invalid'],
    [460, 'login_required'],
    [800, 'password_reset_required'],
    [810, 'suspended'],
  ] as const)('with error code %i ends the session as %s in both tabs', async (code, endReason) => {
    const { auth } = await scene.openSignedIn();
    const other = scene.open();
    await scene.world.until(other.auth.getAccessToken());
    scene.api.endSession({}, code);
    expect(await scene.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'session_ended', endReason, transient: false });
    await scene.world.advance(10);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason });
    expect(other.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason });
    expect(scene.storedText()).not.toContain('eyJ');
  });
});

describe('an answer about the resource', () => {
  // claim: other-codes-cost-no-refresh
  it.each([400, 401, 420, 711, 730, 740, 800, 810])('with error code %i causes no refresh and ends no session', async (code) => {
    const { auth } = await scene.openSignedIn();
    scene.api.addFault({ endpoint: 'me', kind: 'error', code, status: 401 });
    const response = await scene.world.until(auth.fetch('/users/me'));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code } });
    expect(scene.answers('refresh')).toEqual([]);
    expect(scene.answers('me')).toEqual([401]);
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
    const { auth } = await scene.openSignedIn();
    const remove = scene.api.addFault({ endpoint: 'refresh', ...fault });
    await scene.world.advance(LIFETIME_MS * 2);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'waiting' } });
    expect(auth.getSnapshot().refresh.error).toMatchObject({ code: 'refresh_unavailable', transient: true });
    remove();
    await scene.world.advance(61_000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'idle', error: null } });
    expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });

  it('does not affect calls while the token is still valid', async () => {
    const { auth } = await scene.openSignedIn();
    scene.api.addFault({ endpoint: 'refresh', kind: 'status', status: 503 });
    await scene.world.advance(LIFETIME_MS * 0.85);
    expect(auth.getSnapshot().refresh.state).toBe('waiting');
    expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });

  it('allows at most 10 attempts in a minute, even if four tabs make 5 calls a second each', async () => {
    const tabs = [await scene.openSignedIn(), scene.open(), scene.open(), scene.open()];
    scene.api.addFault({ endpoint: 'refresh', kind: 'status', status: 503 });
    await scene.world.advance(LIFETIME_MS * 2);
    scene.api.clearCalls();
    const calls: Promise<unknown>[] = [];
    for (let tick = 0; tick < 300; tick++) {
      for (const { auth } of tabs) calls.push(auth.fetch('/users/me').catch((error: unknown) => error));
      await scene.world.advance(200);
    }
    const outcomes = await scene.world.until(Promise.all(calls));
    expect(scene.answers('refresh').length).toBeLessThanOrEqual(10);
    expect(scene.answers('me')).toEqual([]);
    expect(outcomes.every((outcome) => AuthError.is(outcome) && outcome.code === 'refresh_unavailable' && outcome.transient)).toBe(true);
  });

  it('that 8 tabs meet at the same time is one attempt', async () => {
    const tabs = [await scene.openSignedIn(), ...Array.from({ length: 7 }, () => scene.open())];
    for (const { auth } of tabs) await scene.world.until(auth.getAccessToken());
    scene.api.revokeAccessTokens();
    scene.api.addFault({ endpoint: 'refresh', kind: 'status', status: 503, retryAfter: 60 });
    const errors = await scene.world.until(Promise.all(tabs.map(({ auth }) => rejection(auth.fetch('/users/me')))));
    for (const error of errors) expect(error).toMatchObject({ code: 'refresh_unavailable', transient: true });
    await scene.world.advance(1000); // Each tab that waited for the lock has had its turn.
    expect(scene.answers('refresh')).toEqual([503]);
  });

  // claim: retry-after-honoured
  it('is not retried before Retry-After has passed, even if the page wakes', async () => {
    const { auth, tab } = await scene.openSignedIn();
    scene.api.addFault({ endpoint: 'refresh', kind: 'status', status: 429, retryAfter: 120 });
    expect(await scene.world.until(rejection(auth.refresh()))).toMatchObject({ code: 'refresh_unavailable' });
    for (const signal of ['online', 'focus', 'visible'] as const) {
      tab.wake(signal);
      await scene.world.advance(39_000);
    }
    expect(scene.answers('refresh')).toEqual([429]);
    await scene.world.advance(20_000);
    expect(scene.answers('refresh')).toEqual([429, 429]);
  });

  it('rejects a call with the time of the next attempt as `retryAt`', async () => {
    const { auth } = await scene.openSignedIn();
    scene.api.addFault({ endpoint: 'refresh', kind: 'status', status: 503, retryAfter: 60 });
    scene.api.revokeAccessTokens();
    const error = await scene.world.until(rejection(auth.fetch('/users/me')));
    const wait = (error as AuthError).retryAt! - scene.world.now();
    expect(error).toMatchObject({ code: 'refresh_unavailable', transient: true });
    expect(wait).toBeGreaterThan(59_000);
    expect(wait).toBeLessThan(67_000);
  });

  it('is retried at once when the network comes back', async () => {
    const { auth, tab } = await scene.openSignedIn();
    scene.faultRefreshes('dropBefore');
    await scene.world.advance(LIFETIME_MS * 3);
    expect(auth.getSnapshot().refresh.state).toBe('waiting');
    scene.world.faultOf = () => 'none';
    tab.wake('online');
    await scene.world.advance(100);
    expect(auth.getSnapshot().refresh.state).toBe('idle');
    expect(scene.answers('refresh')).toEqual([200]);
  });

  it('keeps its backoff over five reloads', async () => {
    const first = await scene.openSignedIn();
    scene.api.addFault({ endpoint: 'refresh', kind: 'status', status: 429, retryAfter: 300 });
    await scene.world.until(rejection(first.auth.refresh()));
    first.tab.kill();
    for (let reload = 0; reload < 5; reload++) {
      const { auth, tab } = scene.open();
      await scene.world.until(auth.getAccessToken().catch(() => undefined));
      await scene.world.advance(5000);
      tab.kill();
    }
    expect(scene.answers('refresh')).toEqual([429]);
  });
});

describe('a wrong App Key', () => {
  // claim: misconfigured-keeps-the-session
  it('keeps the session, rejects calls with misconfigured, and is sent again only by refresh()', async () => {
    const { auth } = await scene.openSignedIn();
    const remove = scene.api.addFault({ endpoint: 'refresh', kind: 'error', code: 452 });
    await scene.world.advance(LIFETIME_MS * 5);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked', error: { code: 'misconfigured' } } });
    expect(await scene.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'misconfigured', transient: false });
    expect(scene.answers('refresh')).toEqual([401]);
    remove();
    await scene.world.until(auth.refresh());
    expect(auth.getSnapshot().refresh.state).toBe('idle');
  });
});

describe('an outdated App Key in one tab', () => {
  const outdated = bonfire({ baseUrl: BASE_URL, appKey: 'outdated' });

  it('does not stop the tabs with the right one from refreshing', async () => {
    const first = await scene.openSignedIn();
    const old = scene.open({ protocol: outdated });
    await scene.world.until(old.auth.getAccessToken());
    expect(await scene.world.until(rejection(old.auth.refresh()))).toMatchObject({ code: 'misconfigured' });
    expect(old.auth.getSnapshot().refresh.state).toBe('blocked');
    await scene.world.advance(LIFETIME_MS * 5);
    for (const { auth } of [first, old]) expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(first.auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'idle' } });
  });

  it('is sent once by each tab that has it, even if they stay open', async () => {
    const { auth } = await scene.openSignedIn();
    const tokens = auth.getSnapshot().tokens!;
    auth.dispose();
    const first = scene.open({ protocol: outdated });
    await scene.world.until(first.auth.signIn(tokens));
    const second = scene.open({ protocol: outdated });
    await scene.world.until(second.auth.getAccessToken());
    await scene.world.advance(LIFETIME_MS * 5);
    expect(scene.answers('refresh')).toEqual([401, 401]);
    for (const { auth } of [first, second]) expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked' } });
  });
});

describe('an endpoint that always answers 450', () => {
  it('causes one refresh for 20 calls and ends no session', async () => {
    const { auth } = await scene.openSignedIn();
    scene.api.addFault({ endpoint: 'post', kind: 'error', code: 450 });
    for (let call = 0; call < 20; call++) {
      const response = await scene.world.until(auth.fetch('/posts/1'));
      expect(await response.json()).toMatchObject({ error: { code: 450 } });
    }
    expect(scene.answers('refresh')).toEqual([200]);
    expect(scene.answers('post')).toHaveLength(21);
    expect(auth.getSnapshot().status).toBe('signedIn');
    expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });
});

describe('no token value', () => {
  it('appears in the error of a lost answer, however the request encoded it', async () => {
    const { auth } = scene.open({ storage: memory() });
    await scene.world.until(auth.signIn({ accessToken: 'a!cc3ss~token', refreshToken: 'M.C5_BAY!r3fresh~t(o)ken', expiresAt: null, scopes: [] }));
    scene.world.errorsQuoteInput = true;
    scene.world.faultOf = () => 'dropBefore';
    const error = await scene.world.until(rejection(auth.refresh()));
    scene.world.faultOf = () => 'none';
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/r3fresh/);
  });

  // claim: no-token-in-an-error
  it('appears in an error, a warning or a stored failure', async () => {
    const { auth, tab } = await scene.openSignedIn();
    const { accessToken, refreshToken } = auth.getSnapshot().tokens!;
    const errors: unknown[] = [];
    const storage = { ...tab.platform.storage, update: () => Promise.reject(new Error(`cannot store ${accessToken} and ${refreshToken}`)) };
    const leaking = scene.open({
      platform: {
        ...tab.platform,
        storage,
        fetch: (input, init) => Promise.reject(new TypeError(`failed ${String(input)} ${JSON.stringify(init)} ${String(init?.body)}`)),
      },
    });
    errors.push(await scene.world.until(rejection(leaking.auth.refresh())).catch((error: unknown) => error));
    errors.push(leaking.auth.getSnapshot().refresh.error);
    const texts = errors.map((error) => `${String(error)} ${(error as Error | null)?.stack} ${JSON.stringify(error)} ${String((error as Error | null)?.cause)}`);
    const everything = [...texts, ...tab.warnings].join('\n');
    expect(everything).toContain('could not be reached');
    expect(tab.warnings).toEqual([expect.stringContaining('cannot store')]);
    for (const secret of [accessToken, refreshToken!, 'app-key']) {
      for (let at = 0; at + 12 <= secret.length; at += 12) expect(everything).not.toContain(secret.slice(at, at + 12));
      if (secret.length < 12) expect(everything).not.toContain(secret);
    }
  });
});

describe('a device that reports to be offline', () => {
  const offline = () => {
    scene.world.online = false;
    scene.world.faultOf = () => 'dropBefore';
  };

  it('makes no further attempt after one has failed, and one attempt when it is online again', async () => {
    const tabs = [scene.open(), scene.open(), scene.open()];
    await scene.signIn(tabs[0]!.auth);
    for (const { auth } of tabs) auth.subscribe(() => undefined);
    let sent = 0;
    offline();
    scene.world.faultOf = () => (sent++, 'dropBefore');
    await scene.world.advance(3_600_000);
    expect(sent).toBe(1);
    expect(tabs.map(({ auth }) => auth.getSnapshot().refresh.state)).toEqual(['waiting', 'waiting', 'waiting']);
    scene.world.online = true;
    scene.world.faultOf = () => 'none';
    for (const { tab } of tabs) tab.wake('online');
    await scene.world.advance(1000);
    expect(scene.api.counts).toMatchObject({ refreshes: 1, reuses: 0, rejections: 0 });
    expect(tabs.map(({ auth }) => auth.getSnapshot().refresh.state)).toEqual(['idle', 'idle', 'idle']);
  });

  it('by mistake, as some do behind a VPN, still refreshes', async () => {
    const { platform } = scene.world.openTab();
    const { auth } = scene.open({ platform: { ...platform, isOnline: () => false } });
    await scene.signIn(auth);
    await scene.world.advance(LIFETIME_MS * 3);
    expect(scene.api.counts.refreshes).toBeGreaterThan(2);
    expect(auth.getSnapshot().refresh.state).toBe('idle');
  });

  it('rejects a call with refresh_unavailable and a message that says offline', async () => {
    const { auth } = await scene.openSignedIn();
    offline();
    await scene.world.advance(LIFETIME_MS * 3);
    expect(await scene.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'refresh_unavailable', transient: true, message: expect.stringContaining('offline') });
  });
});
