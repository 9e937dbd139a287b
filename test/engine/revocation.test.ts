import type { AuthStorage, TokenSet } from 'unexpired/core';
import { beforeEach, expect, it } from 'vitest';
import type { Exchange } from '../support/world.ts';
import { BASE_URL, createScene, rejection, type Scene } from '../support/scene.ts';

let scene: Scene;
let sent: Exchange[];
beforeEach(() => {
  scene = createScene();
  sent = [];
  scene.world.onExchange = (exchange) => void (exchange.url.endsWith('/revoke') && !sent.includes(exchange) && sent.push(exchange));
});

function open(storage?: AuthStorage) {
  const { protocol } = scene;
  const revokeRequest = ({ refreshToken = '' }) => ({ url: `${BASE_URL}/revoke`, method: 'POST' as const, headers: {}, body: refreshToken, secrets: [refreshToken] });
  return scene.open({ protocol: { ...protocol, revokeRequest }, ...(storage && { storage }) });
}

async function signedIn() {
  const opened = open();
  await scene.signIn(opened.auth);
  return opened;
}

// claim: sign-out-revokes
it('signOut() revokes the tokens without waiting for the answer', async () => {
  const { auth } = await signedIn();
  const { refreshToken } = auth.getSnapshot().tokens!;
  scene.world.latencyMs = 5000;
  const startedAt = scene.world.now();
  await scene.world.until(auth.signOut());
  expect(scene.world.now() - startedAt).toBeLessThan(100);
  expect(sent.map(({ body }) => body)).toEqual([refreshToken]);
});

it('signOut() succeeds if the revocation fails, with a warning that contains no token', async () => {
  const { auth, tab } = await signedIn();
  const { refreshToken } = auth.getSnapshot().tokens!;
  scene.world.errorsQuoteInput = true;
  scene.world.faultOf = () => 'dropBefore';
  await scene.world.until(auth.signOut());
  await scene.world.advance(100);
  expect(auth.getSnapshot().status).toBe('signedOut');
  expect(tab.warnings).toEqual([expect.stringContaining('could not be revoked')]);
  expect(tab.warnings.join()).not.toContain(refreshToken?.slice(-20));
});

it('signOut() succeeds if `revokeRequest` throws, with a warning that contains no token', async () => {
  const revokeRequest = ({ accessToken, refreshToken }: TokenSet) => {
    throw new Error(`no way to revoke ${accessToken} and ${refreshToken}`);
  };
  const { auth, tab } = scene.open({ protocol: { ...scene.protocol, revokeRequest } });
  await scene.world.until(auth.signIn({ accessToken: 'opaque-access', refreshToken: 'opaque-refresh', expiresAt: null, scopes: [] }));
  await scene.world.until(auth.signOut());
  expect(auth.getSnapshot().status).toBe('signedOut');
  expect(tab.warnings).toEqual(['unexpired: the session has ended, but its tokens could not be revoked: no way to revoke [redacted] and [redacted]']);
});

it('signOut() revokes nothing if the client is already signed out', async () => {
  const { auth } = await signedIn();
  await scene.world.until(auth.signOut());
  await scene.world.until(auth.signOut());
  await scene.world.advance(100);
  expect(sent).toHaveLength(1);
});

// claim: sign-out-while-loading-revokes
it('signOut() on a page that still loads revokes the stored tokens', async () => {
  const { auth } = await signedIn();
  const { refreshToken } = auth.getSnapshot().tokens!;
  const logoutPage = open().auth;
  expect(logoutPage.getSnapshot().status).toBe('loading');
  await scene.world.until(logoutPage.signOut());
  await scene.world.advance(100);
  expect(sent.map(({ body }) => body)).toEqual([refreshToken]);
});

it('signOut() on a page that still loads revokes the tokens it has read, even if storage refuses the sign-out', async () => {
  const { auth: first } = await signedIn();
  const { refreshToken } = first.getSnapshot().tokens!;
  first.dispose();
  const { storage } = scene.world.openTab().platform;
  const { auth } = open({ ...storage, update: () => Promise.reject(new Error('UnknownError')) });
  auth.subscribe(() => undefined);
  await scene.world.until(rejection(auth.signOut()));
  await scene.world.advance(100);
  expect(sent.map(({ body }) => body)).toEqual([refreshToken]);
});

// claim: late-tokens-revoked
it('signOut() during a refresh also revokes the tokens that arrive after the session has ended', async () => {
  const { auth } = await signedIn();
  const { refreshToken } = auth.getSnapshot().tokens!;
  scene.world.latencyMs = 1000;
  void auth.refresh().catch(() => undefined);
  await scene.world.advance(500);
  await scene.world.until(auth.signOut());
  expect(sent.map(({ body }) => body)).toEqual([refreshToken]);
  await scene.world.advance(2000);
  expect(sent).toHaveLength(2);
  expect(sent[1]?.body).toMatch(/^ey/);
  expect(sent[1]?.body).not.toBe(refreshToken);
});

it('signOut() in a tab that missed the last refresh revokes the tokens of that refresh', async () => {
  const [first, second] = [await signedIn(), open()];
  await scene.world.until(second.auth.getAccessToken());
  scene.loseMessages();
  const { refreshToken } = await scene.world.until(first.auth.refresh());
  await scene.world.until(second.auth.signOut());
  await scene.world.advance(100);
  expect(sent.map(({ body }) => body)).toContain(refreshToken);
});

it('signIn() during a refresh revokes the late tokens of the former session, and none of its own', async () => {
  const { auth } = await signedIn();
  scene.world.latencyMs = 1000;
  void auth.refresh().catch(() => undefined);
  await scene.world.advance(500);
  scene.world.latencyMs = 20;
  await scene.signIn(auth, 'cinder');
  await scene.world.advance(2000);
  expect(sent).toHaveLength(1);
  expect(sent[0]?.body).not.toBe(auth.getSnapshot().tokens?.refreshToken);
  expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
});

it('refresh() revokes nothing', async () => {
  const { auth } = await signedIn();
  await scene.world.until(auth.refresh());
  await scene.world.advance(100);
  expect(sent).toEqual([]);
});
