import { beforeEach, describe, expect, it } from 'vitest';
import { createSetup, LIFETIME_MS, NOTHING_HELD, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

describe('a signed-in client', () => {
  // claim: refreshes-before-expiry
  it('refreshes before each expires_at, so that no call is rejected', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    for (let round = 0; round < 60; round++) {
      await setup.world.advance(LIFETIME_MS / 12);
      expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    }
    expect(setup.api.counts).toMatchObject({ rejections: 0, reuses: 0 });
    expect(setup.api.counts.refreshes).toBeGreaterThanOrEqual(5);
    expect(setup.api.counts.refreshes).toBeLessThanOrEqual(8);
  });

  // claim: short-lives-stay-fresh
  it.each([1000, 2000, 5000, 3600_000, 86_400_000])('refreshes tokens that live %i ms 2 to 12 times in three lives, and its next call succeeds', async (lifetimeMs) => {
    setup.api.configure({ accessTokenLifetimeMs: lifetimeMs });
    const { auth } = setup.open();
    await setup.signIn(auth);
    await setup.world.advance(lifetimeMs * 3);
    expect(setup.api.counts.refreshes).toBeGreaterThanOrEqual(2);
    expect(setup.api.counts.refreshes).toBeLessThanOrEqual(12);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });

  // claim: token-without-expiry
  it('never refreshes a token without expiry, and ends its session at the first 450', async () => {
    setup.api.configure({ accessTokenLifetimeMs: null });
    const { auth } = setup.open();
    await setup.signIn(auth);
    await setup.world.advance(10 * 86_400_000);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    setup.api.revokeAccessTokens();
    expect(await setup.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'session_ended', endReason: 'token_rejected' });
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'token_rejected', tokens: null });
    expect(setup.answers('refresh')).toEqual([]);
  });

  // claim: no-rotation-supported
  it('keeps the refresh token when the API does not rotate', async () => {
    setup.api.configure({ rotateRefreshTokens: false });
    const { auth } = setup.open();
    await setup.signIn(auth);
    const before = auth.getSnapshot().tokens?.refreshToken;
    await setup.world.advance(LIFETIME_MS * 3);
    expect(auth.getSnapshot().tokens?.refreshToken).toBe(before);
    expect(setup.api.counts.refreshes).toBeGreaterThanOrEqual(3);
  });

  // claim: reload-resumes-the-session
  it('resumes a stored session after a reload without a refresh', async () => {
    const first = setup.open();
    await setup.signIn(first.auth);
    first.tab.kill();
    const { auth } = setup.open();
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.answers('refresh')).toEqual([]);
  });

  it('refreshes a stored session that has expired before it sends the first call', async () => {
    const first = setup.open();
    await setup.signIn(first.auth);
    first.tab.kill();
    await setup.world.advance(LIFETIME_MS * 5);
    const { auth } = setup.open();
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.answers('me')).toEqual([200]);
    expect(setup.answers('refresh')).toEqual([200]);
  });

  it('refreshes once after a long sleep, so that no call is rejected', async () => {
    const { auth, tab } = setup.open();
    await setup.signIn(auth);
    await setup.world.advance(0);
    setup.world.skewMs = LIFETIME_MS * 10; // Only the wall clock moves on, and neither the timers nor the monotonic clock.
    tab.wake('visible');
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.answers('me')).toEqual([200]);
    expect(setup.answers('refresh')).toEqual([200]);
  });
});

describe('a tab whose timers are frozen', () => {
  const frozen = () => {
    const tab = setup.world.openTab();
    return setup.open({ platform: { ...tab.platform, setTimer: () => () => undefined } });
  };

  it('sends a call shortly before expiry at once, and refreshes after it', async () => {
    const { auth } = frozen();
    await setup.signIn(auth);
    await setup.world.advance(LIFETIME_MS * 0.9);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    await setup.world.advance(100);
    expect(setup.api.calls.map(({ endpoint }) => endpoint)).toEqual(['create', 'me', 'refresh']);
  });

  it('does not refresh for a call in the first half of the lead, which is left to the timers', async () => {
    const { auth } = frozen();
    await setup.signIn(auth);
    await setup.world.advance(LIFETIME_MS * 0.8);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    await setup.world.advance(100);
    expect(setup.answers('refresh')).toEqual([]);
  });

  // claim: no-expired-token-sent
  it('never sends an expired token, even though expiry is rounded to whole seconds', async () => {
    setup.api.configure({ accessTokenLifetimeMs: 10_000 });
    await setup.world.advance(900 - 30); // The token is issued late in a second, so it lives only 9.1 s.
    const { auth } = frozen();
    await setup.signIn(auth);
    await setup.world.advance(9500);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts).toMatchObject({ refreshes: 1, rejections: 0 });
  });
});

describe('a client', () => {
  const send200Calls = (auth: { fetch: typeof fetch }) =>
    Promise.all(Array.from({ length: 200 }, (_, index) => auth.fetch(`/posts?limit=1&call=${index}`)));

  it('refreshes once if its token has expired, and only then sends 200 calls', async () => {
    const first = setup.open();
    await setup.signIn(first.auth);
    first.tab.kill();
    await setup.world.advance(LIFETIME_MS * 2);
    const { auth } = setup.open();
    const responses = await setup.world.until(send200Calls(auth));
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(200);
    expect(setup.answers('posts')).toEqual(Array(200).fill(200));
    expect(setup.answers('refresh')).toEqual([200]);
  });

  // claim: one-refresh-for-200-rejections
  it('refreshes once when 200 calls are rejected at the same time, and replays each of them', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    setup.api.revokeAccessTokens();
    const responses = await setup.world.until(send200Calls(auth));
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(200);
    expect(setup.answers('posts')).toHaveLength(400);
    expect(setup.answers('refresh')).toEqual([200]);
  });
});

describe('a tab without locks and channels', () => {
  /** Opens a tab as in an insecure context. */
  const bare = () => {
    const tab = setup.world.openTab();
    return setup.open({ platform: { ...tab.platform, locks: null, openChannel: null } });
  };

  it('refreshes once for 20 calls that are rejected at the same time', async () => {
    const { auth } = bare();
    await setup.signIn(auth);
    setup.api.revokeAccessTokens();
    const started = Array.from({ length: 20 }, (_, call) => auth.fetch(`/posts?call=${call}`));
    expect((await setup.world.until(Promise.all(started))).every(({ status }) => status === 200)).toBe(true);
    expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0 });
  });

  it('keeps its session if the API refuses a refresh token that another tab has replaced', async () => {
    setup.api.configure({ reuseDetection: false });
    const [first, second] = [bare(), bare()];
    await setup.signIn(first.auth);
    await setup.world.until(second.auth.getAccessToken());
    setup.api.revokeAccessTokens();
    const responses = await setup.world.until(Promise.all([first.auth.fetch('/users/me'), second.auth.fetch('/users/me')]));
    expect(responses.map(({ status }) => status)).toEqual([200, 200]);
    expect([first, second].map(({ auth }) => auth.getSnapshot().status)).toEqual(['signedIn', 'signedIn']);
  });
});

describe('tabs of one session', () => {
  // claim: one-refresh-over-eight-tabs
  it('share one refresh when 8 of them send 20 calls each', async () => {
    const tabs = Array.from({ length: 8 }, () => setup.open());
    await setup.signIn(tabs[0]!.auth);
    await setup.world.advance(50);
    setup.api.revokeAccessTokens();
    const all = tabs.flatMap(({ auth }, tab) => Array.from({ length: 20 }, (_, call) => auth.fetch(`/posts?limit=1&call=${tab}-${call}`)));
    const responses = await setup.world.until(Promise.all(all));
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(160);
    expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0, maxConcurrentRefreshes: 1 });
  });

  it('refresh 10 to 16 times in 10 token lives in total, and all use the same token', async () => {
    const tabs = Array.from({ length: 8 }, () => setup.open());
    await setup.signIn(tabs[0]!.auth);
    for (const { auth } of tabs) auth.subscribe(() => undefined);
    await setup.world.advance(LIFETIME_MS * 10);
    const { refreshes, reuses, rejections } = setup.api.counts;
    expect({ reuses, rejections }).toEqual({ reuses: 0, rejections: 0 });
    expect(refreshes).toBeGreaterThanOrEqual(10);
    expect(refreshes).toBeLessThanOrEqual(16);
    expect(new Set(tabs.map(({ auth }) => auth.getSnapshot().tokens?.accessToken)).size).toBe(1);
  });

  it('still refresh when the tab that holds the lock is killed before it sends its refresh', async () => {
    const [first, second] = [setup.open(), setup.open()];
    await setup.signIn(first.auth);
    second.auth.subscribe(() => undefined);
    await setup.world.advance(50);
    void first.auth.refresh().catch(() => undefined);
    await setup.world.advance(0);
    expect(first.tab.held().locks).toBeGreaterThan(0);
    first.tab.kill();
    setup.api.revokeAccessTokens();
    expect((await setup.world.until(second.auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0 });
  });

  it('leave no lock request behind when one is disposed while it waits for the lock', async () => {
    const [first, second] = [setup.open(), setup.open()];
    await setup.signIn(first.auth);
    await setup.world.until(second.auth.getAccessToken());
    setup.world.latencyMs = 5000;
    void first.auth.refresh();
    await setup.world.advance(100);
    const waiting = rejection(second.auth.refresh());
    await setup.world.advance(100);
    second.auth.dispose();
    expect(await setup.world.until(waiting)).toMatchObject({ code: 'disposed' });
    await setup.world.advance(10);
    expect(second.tab.held()).toEqual(NOTHING_HELD);
    await setup.world.advance(10_000);
    expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0 });
  });

  it('leave no lock request behind when one is disposed while it waits for the attempt of a frozen tab', async () => {
    const [first, second] = [setup.open(), setup.open()];
    await setup.signIn(first.auth);
    await setup.world.until(second.auth.getAccessToken());
    setup.world.latencyMs = 5000;
    void first.auth.refresh();
    await setup.world.advance(100);
    first.tab.process.freeze();
    const waiting = rejection(second.auth.refresh());
    await setup.world.until(waiting); // The call has given up, but the refresh still waits.
    await setup.world.advance(17_000);
    expect(second.tab.held().locks).toBe(3); // The lock that it took over, the lock of its own attempt, and a request for that of the frozen tab.
    second.auth.dispose();
    await setup.world.advance(10);
    expect(second.tab.held()).toEqual(NOTHING_HELD);
  });

  // claim: no-token-between-tabs
  it('send each other no token in a message', async () => {
    const [first, second] = [setup.open(), setup.open()];
    await setup.signIn(first.auth);
    second.auth.subscribe(() => undefined);
    await setup.world.advance(LIFETIME_MS * 2);
    await setup.world.until(second.auth.signOut());
    const posted = [...first.tab.posted, ...second.tab.posted];
    expect(posted.length).toBeGreaterThan(2);
    expect(JSON.stringify(posted)).not.toMatch(/eyJ/);
    expect(new Set(posted.flatMap((message) => Object.keys(message as object)))).toEqual(new Set(['revision', 'ended']));
  });
});
