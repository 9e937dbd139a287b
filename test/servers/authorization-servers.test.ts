import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuthClient } from 'unexpired/core';
import type { OAuth2Config } from 'unexpired/oauth2';
import { rejection } from '../support/setup.ts';
import { LIFETIME_S } from './support/authorization-server.ts';
import { startBetterAuth } from './support/better-auth.ts';
import { startNodeOAuth2Server } from './support/node-oauth2-server.ts';
import { startOidcProvider } from './support/oidc-provider.ts';
import { setUp, type Setup } from './support/setup.ts';

const LIFETIME_MS = LIFETIME_S * 1000;

describe.each([
  ['oidc-provider with opaque tokens', () => startOidcProvider('opaque')],
  ['oidc-provider with JWTs', () => startOidcProvider('jwt')],
  ['@node-oauth/oauth2-server', () => startNodeOAuth2Server()],
  ['the OAuth provider of better-auth', () => startBetterAuth()],
] as const)('%s', (_, start) => {
  let setup: Setup;
  beforeEach(async () => {
    setup = await setUp(start);
  });
  afterEach(() => setup.close());

  async function signedIn() {
    const opened = setup.open();
    await setup.signIn(opened);
    return opened;
  }

  const call = ({ fetch }: AuthClient, path = '/posts') => fetch(path, { method: 'POST', body: `to ${path}` });
  const refreshTokenOf = (auth: AuthClient) => String(auth.getSnapshot().tokens?.refreshToken ?? '');
  const until = <T>(promise: Promise<T>) => setup.world.until(promise);

  /** Lets the access token expire, so that the next call depends on the refresh token. Expects the session to end, and returns the snapshot. */
  async function endedSnapshot(auth: AuthClient) {
    await setup.world.sleep(LIFETIME_MS);
    expect(await rejection(until(call(auth)))).toMatchObject({ code: 'session_ended' });
    return auth.getSnapshot();
  }

  // claim: sign-in-with-code-and-pkce
  it('signs a user in by redirect with a code and PKCE', async () => {
    const { auth } = await signedIn();
    const { status, tokens } = auth.getSnapshot();
    expect([status, tokens?.scopes]).toEqual(['signedIn', setup.server.scope.split(' ')]);
    expect(Math.abs((tokens?.expiresAt ?? 0) - setup.world.now() - LIFETIME_MS)).toBeLessThan(1000);
    const response = await until(call(auth));
    expect([response.status, await response.text()]).toEqual([200, 'to /posts']);
    expect(setup.refreshes()).toEqual([]);
  });

  // claim: unrequested-callback-refused
  it('signs no user in by a redirect with a forged state, without a state or with a guessed code', async () => {
    const opened = setup.open();
    await rejection(setup.signIn(opened, (url) => url.replace(/state=[^&]+/, 'state=forged')));
    await rejection(setup.signIn(opened, (url) => url.replace(/state=[^&]+&?/, '')));
    await rejection(setup.signIn(opened, (url) => url.replace(/code=[^&]+/, 'code=guessed')));
    expect(opened.auth.getSnapshot()).toMatchObject({ tokens: null });
  });

  // claim: one-rotation-a-lifetime
  it('rotates the refresh token once in each of three lifetimes that a device sleeps through, and rejects no call', async () => {
    const { auth } = await signedIn();
    const held = [refreshTokenOf(auth)];
    for (const round of [1, 2, 3]) {
      await setup.world.sleep(LIFETIME_MS);
      const responses = await until(Promise.all([call(auth), call(auth), call(auth)]));
      expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(setup.refreshes()).toEqual(Array(round).fill(200));
      held.push(refreshTokenOf(auth));
    }
    expect(new Set(held).size).toBe(4);
    expect(setup.answers()).toEqual(Array(9).fill(200));
  });

  it('gets one refresh a lifetime ahead of the expiry from an awake tab whose clock is an hour wrong, and rejects no call', async () => {
    const { auth } = await signedIn();
    setup.world.skewMs = 3_600_000;
    await until(auth.refresh());
    for (let passed = 0; passed < 3 * LIFETIME_MS; passed += LIFETIME_MS / 10) {
      await setup.world.advance(LIFETIME_MS / 10);
      expect((await until(call(auth))).status).toBe(200);
    }
    expect(setup.answers()).toEqual(Array(30).fill(200));
    expect(setup.refreshes()).toEqual(Array(4).fill(200)); // The explicit one, and one for each lifetime.
  });

  it('receives the revocation when a user signs out', async () => {
    const { auth, tab } = await signedIn();
    const { accessToken = '' } = auth.getSnapshot().tokens ?? {};
    const refreshToken = refreshTokenOf(auth);
    await until(auth.signOut());
    await setup.world.advance(1000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
    expect(await setup.present(refreshToken)).toEqual({ status: 400, error: 'invalid_grant' });
    expect((await setup.server.challenge(`Bearer ${accessToken}`)) === null).toBe(setup.server.outlivesGrant);
    expect(tab.warnings).toEqual([]);
  });

  it('keeps the new session of a user who signs in again', async () => {
    const opened = await signedIn();
    const former = refreshTokenOf(opened.auth);
    await setup.signIn(opened);
    await setup.world.advance(1000);
    expect(refreshTokenOf(opened.auth)).not.toBe(former);
    expect((await until(call(opened.auth))).status).toBe(200);
    await until(opened.auth.refresh());
    expect(opened.auth.getSnapshot().status).toBe('signedIn');
  });

  it('receives the revocation when a user signs out during a refresh', async () => {
    const { auth, tab } = await signedIn();
    const spent = refreshTokenOf(auth);
    void auth.refresh().catch(() => undefined);
    await setup.world.advance(setup.world.latencyMs * 0.75); // The server has rotated the token, and its answer has not arrived yet.
    await until(auth.signOut());
    await setup.world.advance(1000);
    expect(await setup.present(spent)).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await Promise.all(setup.rotatedTo().map(setup.present))).toEqual([{ status: 400, error: 'invalid_grant' }]);
    expect(tab.warnings.every((warning) => setup.server.refusesEndedTokens && warning.endsWith('could not be revoked: HTTP 400'))).toBe(true);
  });

  // claim: stolen-refresh-token-detected
  it('ends the grant with refresh_token_invalid when a thief sends a refresh token that its owner has used', async () => {
    const { auth } = await signedIn();
    const stolen = refreshTokenOf(auth);
    await until(auth.refresh());
    expect(await setup.present(stolen)).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await endedSnapshot(auth)).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid', tokens: null });
    expect(setup.refreshes()).toEqual([200, 400]);
  });

  it('ends the grant with refresh_token_invalid when the owner sends a refresh token that a thief has used', async () => {
    const { auth } = await signedIn();
    expect(await setup.present(refreshTokenOf(auth))).toMatchObject({ status: 200 });
    expect(await endedSnapshot(auth)).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid' });
    expect(setup.refreshes()).toEqual([400]);
  });

  it('ends the grant with rotation_lost when its answer to an earlier refresh was lost', async () => {
    const { auth } = await signedIn();
    setup.world.faultOf = ({ url }) => (url.includes('/oauth/token') && setup.refreshes().length === 1 ? 'dropAfter' : 'none');
    expect(await endedSnapshot(auth)).toMatchObject({ status: 'signedOut', endReason: 'rotation_lost' });
    expect(setup.refreshes()).toEqual([200, 400]);
  });

  it.each<[string, Partial<OAuth2Config>]>([
    ['invalid_client', { clientId: 'another-app' }],
    ['invalid_scope', { parameters: { scope: 'everything' } }],
  ])('answers %s to a misconfigured app, which keeps its session', async (code, mistake) => {
    await signedIn();
    const isFinal = mistake.clientId !== undefined && setup.server.errorOfAnotherClient === 'invalid_grant';
    const { auth } = setup.open(mistake);
    const error = await rejection(until(auth.refresh()));
    if (isFinal) return expect(error).toMatchObject({ code: 'session_ended' });
    expect(error).toMatchObject({ code: 'misconfigured', message: expect.stringContaining(code) });
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked' } });
    expect((await until(call(auth))).status).toBe(200);
  });

  it.each([
    ['has expired', () => setup.world.sleep(LIFETIME_MS), []],
    ['was revoked', () => setup.server.revokeAccessTokens(), Array<number>(160).fill(401)],
  ] as const)('answers twenty calls of each of eight tabs after one refresh when the token %s', async (__, takeAway, rejected) => {
    const first = await signedIn();
    const tabs = [first, ...Array.from({ length: 7 }, () => setup.open())];
    for (const { auth } of tabs) expect((await until(call(auth))).status).toBe(200);
    await takeAway();
    const calls = tabs.flatMap(({ tab, auth }) => Array.from({ length: 20 }, (___, index) => call(auth, `/${tab.name}/${index}`)));
    const responses = await until(Promise.all(calls));
    const texts = await Promise.all(responses.map((response) => response.text()));
    expect(responses.map(({ status }) => status)).toEqual(Array(160).fill(200));
    expect(texts).toEqual(tabs.flatMap(({ tab }) => Array.from({ length: 20 }, (___, index) => `to /${tab.name}/${index}`)));
    expect(setup.refreshes()).toEqual([200]);
    expect(setup.answers().filter((status) => status === 401)).toEqual(rejected);
  });
});

it('a client keeps sending the old refresh token to a server that does not rotate it', async () => {
  const setup = await setUp(() => startNodeOAuth2Server({ rotates: false }));
  try {
    const opened = setup.open();
    await setup.signIn(opened);
    const { refreshToken } = opened.auth.getSnapshot().tokens ?? {};
    for (const round of [1, 2, 3]) {
      await setup.world.sleep(LIFETIME_MS);
      expect((await setup.world.until(opened.auth.fetch('/posts'))).status).toBe(200);
      expect(setup.refreshes()).toHaveLength(round);
      expect(opened.auth.getSnapshot().tokens).toMatchObject({ refreshToken });
    }
  } finally {
    await setup.close();
  }
});
