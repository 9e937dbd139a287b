import type { AuthStorage, TokenSet } from 'unexpired/core';
import { beforeEach, expect, it } from 'vitest';
import type { Exchange } from '../support/world.ts';
import { BASE_URL, createSetup, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
let sent: Exchange[];
beforeEach(() => {
  setup = createSetup();
  sent = [];
  setup.world.onExchange = (exchange) => void (exchange.url.endsWith('/revoke') && !sent.includes(exchange) && sent.push(exchange));
});

function open(storage?: AuthStorage) {
  const { protocol } = setup;
  const revokeRequest = ({ refreshToken = '' }) => ({ url: `${BASE_URL}/revoke`, method: 'POST' as const, headers: {}, body: refreshToken });
  return setup.open({ protocol: { ...protocol, revokeRequest }, ...(storage && { storage }) });
}

async function signedIn() {
  const opened = open();
  await setup.signIn(opened.auth);
  return opened;
}

// claim: sign-out-revokes
it('signOut() revokes the tokens without waiting for the answer', async () => {
  const { auth } = await signedIn();
  const { refreshToken } = auth.getSnapshot().tokens!;
  setup.world.latencyMs = 5000;
  const startedAt = setup.world.now();
  await setup.world.until(auth.signOut());
  expect(setup.world.now() - startedAt).toBeLessThan(100);
  expect(sent.map(({ body }) => body)).toEqual([refreshToken]);
});

it('signOut() succeeds if the revocation fails, with a warning that contains no token', async () => {
  const { auth, tab } = await signedIn();
  const { refreshToken } = auth.getSnapshot().tokens!;
  setup.world.errorsQuoteInput = true;
  setup.world.faultOf = () => 'dropBefore';
  await setup.world.until(auth.signOut());
  await setup.world.advance(100);
  expect(auth.getSnapshot().status).toBe('signedOut');
  expect(tab.warnings).toEqual([expect.stringContaining('could not be revoked')]);
  expect(tab.warnings.join()).not.toContain(refreshToken?.slice(-20));
});

it('signOut() succeeds if `revokeRequest` throws, with a warning that contains no token, and its error is reported', async () => {
  const revokeRequest = ({ accessToken, refreshToken }: TokenSet) => {
    throw new Error(`no way to revoke ${accessToken} and ${refreshToken}`);
  };
  const { auth, tab } = setup.open({ protocol: { ...setup.protocol, revokeRequest } });
  await setup.world.until(auth.signIn({ accessToken: 'opaque-access', refreshToken: 'opaque-refresh', expiresAt: null, scopes: [] }));
  await setup.world.until(auth.signOut());
  expect(auth.getSnapshot().status).toBe('signedOut');
  expect(tab.warnings).toEqual(['unexpired: the session has ended, but its tokens could not be revoked: Error']);
  expect(tab.reports).toEqual([new Error('no way to revoke opaque-access and opaque-refresh')]);
});

it('signOut() revokes nothing if the client is already signed out', async () => {
  const { auth } = await signedIn();
  await setup.world.until(auth.signOut());
  await setup.world.until(auth.signOut());
  await setup.world.advance(100);
  expect(sent).toHaveLength(1);
});

// claim: sign-out-while-loading-revokes
it('signOut() on a page that still loads revokes the stored tokens', async () => {
  const { auth } = await signedIn();
  const { refreshToken } = auth.getSnapshot().tokens!;
  const logoutPage = open().auth;
  expect(logoutPage.getSnapshot().status).toBe('loading');
  await setup.world.until(logoutPage.signOut());
  await setup.world.advance(100);
  expect(sent.map(({ body }) => body)).toEqual([refreshToken]);
});

it('signOut() on a page that still loads revokes the tokens it has read, even if storage refuses the sign-out', async () => {
  const { auth: first } = await signedIn();
  const { refreshToken } = first.getSnapshot().tokens!;
  first.dispose();
  const { storage } = setup.world.openTab().platform;
  const { auth } = open({ ...storage, update: () => Promise.reject(new Error('UnknownError')) });
  auth.subscribe(() => undefined);
  await setup.world.until(rejection(auth.signOut()));
  await setup.world.advance(100);
  expect(sent.map(({ body }) => body)).toEqual([refreshToken]);
});

// claim: late-tokens-revoked
it('signOut() during a refresh also revokes the tokens that arrive after the session has ended', async () => {
  const { auth } = await signedIn();
  const { refreshToken } = auth.getSnapshot().tokens!;
  setup.world.latencyMs = 1000;
  void auth.refresh().catch(() => undefined);
  await setup.world.advance(500);
  await setup.world.until(auth.signOut());
  expect(sent.map(({ body }) => body)).toEqual([refreshToken]);
  await setup.world.advance(2000);
  expect(sent).toHaveLength(2);
  expect(sent[1]?.body).toMatch(/^ey/);
  expect(sent[1]?.body).not.toBe(refreshToken);
});

it('signOut() in a tab that missed the last refresh revokes the tokens of that refresh', async () => {
  const [first, second] = [await signedIn(), open()];
  await setup.world.until(second.auth.getAccessToken());
  setup.loseMessages();
  const { refreshToken } = await setup.world.until(first.auth.refresh());
  await setup.world.until(second.auth.signOut());
  await setup.world.advance(100);
  expect(sent.map(({ body }) => body)).toContain(refreshToken);
});

it('signIn() during a refresh revokes the late tokens of the former session, and none of its own', async () => {
  const { auth } = await signedIn();
  setup.world.latencyMs = 1000;
  void auth.refresh().catch(() => undefined);
  await setup.world.advance(500);
  setup.world.latencyMs = 20;
  await setup.signIn(auth, 'cinder');
  await setup.world.advance(2000);
  expect(sent).toHaveLength(1);
  expect(sent[0]?.body).not.toBe(auth.getSnapshot().tokens?.refreshToken);
  expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
});

it('refresh() revokes nothing', async () => {
  const { auth } = await signedIn();
  await setup.world.until(auth.refresh());
  await setup.world.advance(100);
  expect(sent).toEqual([]);
});
