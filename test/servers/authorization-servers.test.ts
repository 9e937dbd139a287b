import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuthClient } from 'unexpired/core';
import type { OAuth2Config } from 'unexpired/oauth2';
import { rejection } from '../support/scene.ts';
import { LIFETIME_S } from './support/authorization-server.ts';
import { startNodeOAuth2Server } from './support/node-oauth2-server.ts';
import { startOidcProvider } from './support/oidc-provider.ts';
import { setStage, type Stage } from './support/stage.ts';

const LIFETIME_MS = LIFETIME_S * 1000;

describe.each([
  ['oidc-provider with opaque tokens', () => startOidcProvider('opaque')],
  ['oidc-provider with JWTs', () => startOidcProvider('jwt')],
  ['@node-oauth/oauth2-server', () => startNodeOAuth2Server()],
] as const)('%s', (_, start) => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await setStage(start);
  });
  afterEach(() => stage.close());

  async function signedIn() {
    const opened = stage.open();
    await stage.signIn(opened);
    return opened;
  }

  const call = ({ fetch }: AuthClient, path = '/posts') => fetch(path, { method: 'POST', body: `to ${path}` });
  const refreshTokenOf = (auth: AuthClient) => auth.getSnapshot().tokens?.refreshToken ?? '';
  const until = <T>(promise: Promise<T>) => stage.world.until(promise);

  /** Signs out whom nobody has seen for a lifetime: the one token that still counts is the refresh token. */
  async function endOf(auth: AuthClient) {
    await stage.world.sleep(LIFETIME_MS);
    expect(await rejection(until(call(auth)))).toMatchObject({ code: 'session_ended' });
    return auth.getSnapshot();
  }

  // claim: sign-in-with-code-and-pkce
  it('signs a user in by redirect, with code and PKCE', async () => {
    const { auth } = await signedIn();
    const { status, tokens } = auth.getSnapshot();
    expect([status, tokens?.scopes]).toEqual(['signedIn', ['openid', 'offline_access']]);
    expect(Math.abs((tokens?.expiresAt ?? 0) - stage.world.now() - LIFETIME_MS)).toBeLessThan(1000);
    const response = await until(call(auth));
    expect([response.status, await response.text()]).toEqual([200, 'to /posts']);
    expect(stage.refreshes()).toEqual([]);
  });

  // claim: unrequested-callback-refused
  it('signs nobody in by a way back that nobody asked for', async () => {
    const opened = stage.open();
    await rejection(stage.signIn(opened, (url) => url.replace(/state=[^&]+/, 'state=forged')));
    await rejection(stage.signIn(opened, (url) => url.replace(/state=[^&]+&?/, '')));
    await rejection(stage.signIn(opened, (url) => url.replace(/code=[^&]+/, 'code=guessed')));
    expect(opened.auth.getSnapshot()).toMatchObject({ tokens: null });
  });

  // claim: one-rotation-a-lifetime
  it('gives one new refresh token in each of three lifetimes that a device slept through, and rejects nothing', async () => {
    const { auth } = await signedIn();
    const held = [refreshTokenOf(auth)];
    for (const round of [1, 2, 3]) {
      await stage.world.sleep(LIFETIME_MS);
      const responses = await until(Promise.all([call(auth), call(auth), call(auth)]));
      expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(stage.refreshes()).toEqual(Array(round).fill(200));
      held.push(refreshTokenOf(auth));
    }
    expect(new Set(held).size).toBe(4);
    expect(stage.answers()).toEqual(Array(9).fill(200));
  });

  it('is asked ahead of time by a tab that stays awake, whose clock is an hour wrong, and rejects nothing', async () => {
    const { auth } = await signedIn();
    stage.world.skewMs = 3_600_000;
    await until(auth.refresh());
    for (let passed = 0; passed < 3 * LIFETIME_MS; passed += LIFETIME_MS / 10) {
      await stage.world.advance(LIFETIME_MS / 10);
      expect((await until(call(auth))).status).toBe(200);
    }
    expect(stage.answers()).toEqual(Array(30).fill(200));
    expect(stage.refreshes()).toEqual(Array(4).fill(200)); // The one that was called for, and one for each lifetime.
  });

  it('sees the revocation when a user signs out', async () => {
    const { auth, tab } = await signedIn();
    const { accessToken = '', refreshToken = '' } = auth.getSnapshot().tokens ?? {};
    await until(auth.signOut());
    await stage.world.advance(1000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
    expect(await stage.present(refreshToken)).toEqual({ status: 400, error: 'invalid_grant' });
    expect((await stage.server.challenge(`Bearer ${accessToken}`)) === null).toBe(stage.server.outlivesGrant);
    expect(tab.warnings).toEqual([]);
  });

  it('sees the revocation also when a refresh was under way', async () => {
    const { auth, tab } = await signedIn();
    const spent = refreshTokenOf(auth);
    void auth.refresh().catch(() => undefined);
    await stage.world.advance(stage.world.latencyMs * 0.75); // The server has rotated, and nobody knows yet.
    await until(auth.signOut());
    await stage.world.advance(1000);
    expect(await stage.present(spent)).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await Promise.all(stage.rotatedTo().map(stage.present))).toEqual([{ status: 400, error: 'invalid_grant' }]);
    expect(tab.warnings).toEqual([]);
  });

  // claim: stolen-refresh-token-detected
  it('ends the grant when a stolen refresh token comes after its owner has used it, and the owner is told why', async () => {
    const { auth } = await signedIn();
    const stolen = refreshTokenOf(auth);
    await until(auth.refresh());
    expect(await stage.present(stolen)).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await endOf(auth)).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid', tokens: null });
    expect(stage.refreshes()).toEqual([200, 400]);
  });

  it('ends the grant when the thief was first', async () => {
    const { auth } = await signedIn();
    expect(await stage.present(refreshTokenOf(auth))).toMatchObject({ status: 200 });
    expect(await endOf(auth)).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid' });
    expect(stage.refreshes()).toEqual([400]);
  });

  it('ends the grant when its answer was lost, which the user is told from a theft', async () => {
    const { auth } = await signedIn();
    stage.world.faultOf = ({ url }) => (url.includes('/oauth/token') && stage.refreshes().length === 1 ? 'dropAfter' : 'none');
    expect(await endOf(auth)).toMatchObject({ status: 'signedOut', endReason: 'rotation_lost' });
    expect(stage.refreshes()).toEqual([200, 400]);
  });

  it.each<[string, Partial<OAuth2Config>]>([
    ['invalid_client', { clientId: 'another-app' }],
    ['invalid_scope', { parameters: { scope: 'everything' } }],
  ])('says %s to an app that is set up wrongly, which keeps its session', async (code, mistake) => {
    await signedIn();
    const { auth } = stage.open(mistake);
    expect(await rejection(until(auth.refresh()))).toMatchObject({ code: 'misconfigured', message: expect.stringContaining(code) });
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked' } });
    expect((await until(call(auth))).status).toBe(200);
  });

  it.each([
    ['has expired', () => stage.world.sleep(LIFETIME_MS), []],
    ['was revoked', () => stage.server.revokeAccessTokens(), Array<number>(160).fill(401)],
  ] as const)('answers twenty calls of each of eight tabs after one refresh, when the token %s', { timeout: 60_000 }, async (__, takeAway, rejected) => {
    const first = await signedIn();
    const tabs = [first, ...Array.from({ length: 7 }, () => stage.open())];
    for (const { auth } of tabs) expect((await until(call(auth))).status).toBe(200);
    await takeAway();
    const calls = tabs.flatMap(({ tab, auth }) => Array.from({ length: 20 }, (___, index) => call(auth, `/${tab.name}/${index}`)));
    const responses = await until(Promise.all(calls));
    const texts = await Promise.all(responses.map((response) => response.text()));
    expect(responses.map(({ status }) => status)).toEqual(Array(160).fill(200));
    expect(texts).toEqual(tabs.flatMap(({ tab }) => Array.from({ length: 20 }, (___, index) => `to /${tab.name}/${index}`)));
    expect(stage.refreshes()).toEqual([200]);
    expect(stage.answers().filter((status) => status === 401)).toEqual(rejected);
  });
});

it('a server that gives no new refresh token goes on being sent the old one', async () => {
  const stage = await setStage(() => startNodeOAuth2Server({ rotates: false }));
  try {
    const opened = stage.open();
    await stage.signIn(opened);
    const { refreshToken } = opened.auth.getSnapshot().tokens ?? {};
    for (const round of [1, 2, 3]) {
      await stage.world.sleep(LIFETIME_MS);
      expect((await stage.world.until(opened.auth.fetch('/posts'))).status).toBe(200);
      expect(stage.refreshes()).toHaveLength(round);
      expect(opened.auth.getSnapshot().tokens).toMatchObject({ refreshToken });
    }
  } finally {
    await stage.close();
  }
});
