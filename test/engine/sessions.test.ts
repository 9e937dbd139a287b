import { requestTokens, memory, type TokenSet } from 'unexpired/core';
import { createBotTokens } from 'unexpired/bonfire';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSetup, LIFETIME_MS, NOTHING_HELD, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

describe('signing in', () => {
  it('changes the status from loading to signedOut to signedIn', async () => {
    const { auth } = setup.open();
    const seen: string[] = [auth.getSnapshot().status];
    auth.subscribe(() => seen.push(auth.getSnapshot().status));
    await setup.world.advance(10);
    await setup.signIn(auth);
    expect(seen).toEqual(['loading', 'signedOut', 'signedIn']);
  });

  it('accepts a token set, a function that returns one, or a grant', async () => {
    const tokens: TokenSet = { accessToken: 'opaque', refreshToken: 'r', expiresAt: setup.world.now() + LIFETIME_MS, scopes: [] };
    for (const input of [tokens, () => tokens, async () => tokens, createBotTokens(setup.protocol, ['ember'])]) {
      const { auth } = setup.open({ storage: memory() });
      await setup.world.until(auth.signIn(input));
      expect(auth.getSnapshot().status).toBe('signedIn');
    }
  });

  it('rejects with the error of the sign-in function unchanged', async () => {
    const { auth } = setup.open();
    const cancelled = new Error('the user closed the window');
    expect(await setup.world.until(rejection(auth.signIn(() => Promise.reject(cancelled))))).toBe(cancelled);
  });

  it('twice keeps the session of the later call, even if the first call is answered last', async () => {
    const { auth } = setup.open();
    const set = (name: string): TokenSet => ({ accessToken: name, expiresAt: null, scopes: [] });
    let answerFirst: (tokens: TokenSet) => void = () => undefined;
    const first = rejection(auth.signIn(() => new Promise<TokenSet>((resolve) => (answerFirst = resolve))));
    await setup.world.until(auth.signIn(() => set('second')));
    answerFirst(set('first'));
    expect(await setup.world.until(first)).toMatchObject({ code: 'session_changed' });
    expect(auth.getSnapshot().tokens?.accessToken).toBe('second');
  });

  it.each([
    ['misconfigured', { kind: 'error', code: 452 }],
    ['invalid_response', { kind: 'html' }],
    ['invalid_response', { kind: 'empty' }],
    ['invalid_response', { kind: 'malformed' }],
    ['grant_unavailable', { kind: 'status', status: 503 }],
    ['grant_unavailable', { kind: 'dropBefore' }],
    ['grant_refused', { kind: 'error', code: 702, status: 404 }],
    ['grant_refused', { kind: 'error', code: 810 }],
  ] as const)('rejects with %s if the API answers a grant with %j', async (code, fault) => {
    const { auth } = setup.open();
    setup.api.addFault({ endpoint: 'create', ...fault });
    const error = await setup.world.until(rejection(auth.signIn(createBotTokens(setup.protocol, ['ember']))));
    expect(error).toMatchObject({ code });
    expect(auth.getSnapshot().status).toBe('signedOut');
  });
});

// claim: tokens-for-several-bots
it('requestTokens() returns the tokens of several bots without signing in', async () => {
  const { auth } = setup.open();
  const tokens = await setup.world.until(requestTokens(auth, createBotTokens(setup.protocol, ['ember', 'cinder'])));
  expect(Object.keys(tokens)).toEqual(['ember', 'cinder']);
  expect(auth.getSnapshot().status).toBe('signedOut');
});

describe('signing out', () => {
  it('signs this tab out at once, before storage has the change', async () => {
    const { auth } = await setup.openSignedIn();
    const signedOut = auth.signOut();
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out', tokens: null });
    expect(setup.storedText()).toContain('eyJ');
    await setup.world.until(signedOut);
    expect(setup.storedText()).not.toContain('eyJ');
  });

  // claim: sign-out-removes-tokens
  it('removes every token from storage and from the other tabs', async () => {
    const [first, second] = [setup.open(), setup.open()];
    await setup.signIn(first.auth);
    await setup.world.until(second.auth.getAccessToken());
    expect(setup.storedText()).toContain('eyJ');
    await setup.world.until(first.auth.signOut());
    await setup.world.advance(10);
    expect(setup.storedText()).not.toContain('eyJ');
    for (const { auth } of [first, second]) {
      expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out', tokens: null });
    }
  });

  // claim: sign-out-is-immediate
  it('does not wait for the network, and a late refresh does not restore the session', async () => {
    const [first, second] = [setup.open(), setup.open()];
    await setup.signIn(first.auth);
    await setup.world.until(second.auth.getAccessToken());
    setup.world.latencyMs = 5000;
    const refreshed = rejection(first.auth.refresh());
    await setup.world.advance(100);
    const startedAt = setup.world.now();
    await setup.world.until(first.auth.signOut());
    expect(setup.world.now() - startedAt).toBeLessThan(100);
    expect(await setup.world.until(refreshed)).toMatchObject({ code: 'session_changed' });
    await setup.world.advance(20_000);
    expect(setup.answers('refresh')).toEqual([200]);
    expect(setup.storedText()).not.toContain('eyJ');
    for (const { auth } of [first, second]) expect(auth.getSnapshot().status).toBe('signedOut');
  });

  it('cancels a sign-in that is in flight in this tab or in another', async () => {
    const [first, second] = [setup.open(), setup.open()];
    setup.world.latencyMs = 2000;
    const grant = createBotTokens(setup.protocol, ['ember']);
    const pending = [rejection(first.auth.signIn(grant)), rejection(second.auth.signIn(grant))];
    await setup.world.advance(100);
    await setup.world.until(first.auth.signOut());
    for (const error of await setup.world.until(Promise.all(pending))) expect(error).toMatchObject({ code: 'session_changed' });
    expect(setup.storedText()).not.toContain('eyJ');
  });

  it('works before the session was read from storage', async () => {
    const first = setup.open();
    await setup.signIn(first.auth);
    first.tab.kill();
    const { auth } = setup.open();
    await setup.world.until(auth.signOut());
    expect(setup.storedText()).not.toContain('eyJ');
    expect(auth.getSnapshot().status).toBe('signedOut');
  });

  it('can be followed at once by a sign-in', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    void auth.signOut();
    await setup.signIn(auth, 'cinder');
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

  it('rejects a call that waits for a token, so it is not sent with the token of the next user', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    setup.api.revokeAccessTokens();
    setup.world.latencyMs = 1000;
    const call = rejection(auth.fetch('/users/me/posts', { method: 'POST', body: '{"text":"mine"}' }));
    await setup.world.advance(1200);
    await setup.world.until(auth.signOut());
    setup.world.latencyMs = 10;
    await setup.signIn(auth, 'cinder');
    expect(await setup.world.until(call)).toMatchObject({ code: 'session_changed' });
    expect(setup.answers('myPosts')).toEqual([401]);
  });
});

describe('another user', () => {
  it('who signs in during a refresh keeps the session, and the refresh of the first user is discarded', async () => {
    const [first, second] = [setup.open(), setup.open()];
    await setup.signIn(first.auth, 'ember');
    setup.world.latencyMs = 3000;
    const refreshed = rejection(first.auth.refresh());
    await setup.world.advance(100);
    const tokens = { accessToken: 'of-cinder', refreshToken: 'r', expiresAt: null, scopes: [] };
    await setup.world.until(second.auth.signIn(tokens));
    expect(await setup.world.until(refreshed)).toMatchObject({ code: 'session_changed' });
    await setup.world.advance(5000);
    for (const { auth } of [first, second]) expect(auth.getSnapshot().tokens?.accessToken).toBe('of-cinder');
    expect(first.auth.getSnapshot().sessionId).toBe(second.auth.getSnapshot().sessionId);
  });

  it('gets new tokens at once while the refresh of the first user still hangs', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth, 'ember');
    setup.faultRefreshes('hangBefore');
    void auth.refresh().catch(() => undefined);
    await setup.world.advance(100);
    setup.world.faultOf = () => 'none';
    await setup.signIn(auth, 'cinder');
    setup.api.revokeAccessTokens('cinder');
    const startedAt = setup.world.now();
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.world.now() - startedAt).toBeLessThan(1000);
  });

  // claim: no-replay-as-another-user
  it('never has a call of the first user replayed with the new token', async () => {
    const [first, second] = [setup.open(), setup.open()];
    await setup.signIn(first.auth, 'ember');
    await setup.world.until(second.auth.getAccessToken());
    setup.api.revokeAccessTokens();
    setup.world.latencyMs = 100;
    const call = rejection(first.auth.fetch('/users/me/posts', { method: 'POST', body: '{"text":"by ember"}' }));
    await setup.world.advance(40);
    await setup.world.until(second.auth.signIn({ accessToken: 'of-cinder', refreshToken: 'r', expiresAt: null, scopes: [] }));
    expect(await setup.world.until(call)).toMatchObject({ code: 'session_changed' });
    expect(setup.answers('myPosts')).toEqual([401]);
  });

  it('can use a second client on the same page under another storage key', async () => {
    const { tab, auth } = setup.open({ storageKey: 'a' });
    const other = setup.open({ storageKey: 'b', platform: tab.platform });
    await setup.signIn(auth, 'ember');
    await setup.signIn(other.auth, 'cinder');
    const names = await Promise.all(
      [auth, other.auth].map(async (client) => JSON.stringify(await (await setup.world.until(client.fetch('/users/me'))).json())),
    );
    expect(names[0]).toContain('ember');
    expect(names[1]).toContain('cinder');
  });
});

describe('tabs with a session of their own in memory', () => {
  it('do not sign each other out, even for a moment', async () => {
    const [first, second] = [setup.open({ storage: memory() }), setup.open({ storage: memory() })];
    await setup.signIn(first.auth, 'ember');
    await setup.signIn(second.auth, 'cinder');
    const statuses = new Set<string>();
    second.auth.subscribe(() => statuses.add(second.auth.getSnapshot().status));
    setup.world.latencyMs = 1000;
    const refreshed = second.auth.refresh();
    await setup.world.advance(10);
    await setup.world.until(first.auth.signOut());
    await setup.world.until(refreshed);
    expect([...statuses]).toEqual(['signedIn']);
  });
});

describe('disposing a client', () => {
  it('releases every timer, listener and channel', async () => {
    const { auth, tab } = setup.open();
    await setup.signIn(auth);
    expect(tab.held()).toMatchObject({ channels: 1, wakeListeners: 1 });
    auth.dispose();
    await setup.world.advance(1);
    expect(tab.held()).toEqual(NOTHING_HELD);
  });

  it('rejects a call that waits and any later call', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    setup.world.latencyMs = 1000;
    const waiting = rejection(auth.refresh());
    await setup.world.advance(10);
    auth.dispose();
    expect(await setup.world.until(waiting)).toMatchObject({ code: 'disposed' });
    expect(await rejection(auth.fetch('/users/me'))).toMatchObject({ code: 'disposed' });
  });

  it('rejects a sign-in in flight, and no token of it is stored', async () => {
    const { auth } = setup.open();
    const signingIn = rejection(auth.signIn(createBotTokens(setup.protocol, ['ember'])));
    await setup.world.advance(5);
    auth.dispose();
    expect(await setup.world.until(signingIn)).toMatchObject({ code: 'disposed' });
    expect(setup.storedText()).not.toContain('eyJ');
  });

  it('still stores the answer of a refresh that was sent, so the rotation is not lost', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    setup.world.latencyMs = 1000;
    void auth.refresh().catch(() => undefined);
    await setup.world.advance(600);
    auth.dispose();
    await setup.world.advance(2000);
    setup.world.latencyMs = 10;
    const next = setup.open();
    await setup.world.until(next.auth.refresh());
    expect(setup.api.counts).toMatchObject({ refreshes: 2, reuses: 0 });
  });
});

it('a client holds no timer, listener, channel or lock before its first use', () => {
  const { tab } = setup.open();
  expect(tab.held()).toEqual(NOTHING_HELD);
});
