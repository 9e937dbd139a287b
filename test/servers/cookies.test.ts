import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { restoreSession, type AuthClient } from 'unexpired/core';
import { rejection } from '../support/setup.ts';
import { LIFETIME_S } from './support/authorization-server.ts';
import { setUpCookies, type CookieSetup } from './support/cookie-setup.ts';
import { startOidcProvider } from './support/oidc-provider.ts';

const LIFETIME_MS = LIFETIME_S * 1000;

describe.each(['opaque', 'jwt'] as const)('oidc-provider with %s access tokens, behind a handler that keeps the refresh token in a cookie,', (format) => {
  let setup: CookieSetup;
  beforeEach(async () => {
    setup = await setUpCookies(() => startOidcProvider(format));
  });
  afterEach(() => setup.close());

  const until = <T>(promise: Promise<T>) => setup.world.until(promise);
  const call = ({ fetch }: AuthClient, path = '/posts') => fetch(path, { method: 'POST', body: `to ${path}` });

  async function signedIn(user = 'ada') {
    const opened = setup.open();
    await setup.signIn(opened.auth, user);
    return opened;
  }

  it('signs a user in, and gives the page no refresh token', async () => {
    const { auth } = await signedIn();
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', tokens: { refreshToken: { in: 'cookie' } } });
    expect(setup.jar.cookies).toMatchObject([{ httpOnly: true, secure: true, sameSite: 'strict', path: '/session' }]);
    expect(JSON.stringify([...setup.world.storage.values.values()])).not.toContain(setup.held());
    expect(await (await until(call(auth))).text()).toBe('to /posts');
    expect(setup.tokenRequests()).toEqual(['code 200']);
  });

  it('rotates the cookie once in each of three lifetimes that a device sleeps through', async () => {
    const { auth } = await signedIn();
    const held = [setup.held()];
    for (let round = 0; round < 3; round++) {
      await setup.world.sleep(LIFETIME_MS);
      const responses = await until(Promise.all([call(auth), call(auth), call(auth)]));
      expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
      held.push(setup.held());
    }
    expect(new Set(held).size).toBe(4);
    expect(setup.tokenRequests().slice(1)).toEqual(['refresh 200', 'refresh 200', 'refresh 200']);
  });

  it.each([
    ['has expired', () => setup.world.sleep(LIFETIME_MS), []],
    ['was revoked', () => setup.server.revokeAccessTokens(), Array<number>(160).fill(401)],
  ] as const)('answers twenty calls of each of eight tabs after one refresh when the token %s', async (_, takeAway, rejected) => {
    const first = await signedIn();
    const tabs = [first, ...Array.from({ length: 7 }, () => setup.open())];
    for (const { auth } of tabs) expect((await until(call(auth))).status).toBe(200);
    await takeAway();
    const responses = await until(Promise.all(tabs.flatMap(({ tab, auth }) => Array.from({ length: 20 }, (__, index) => call(auth, `/${tab.name}/${index}`)))));
    expect(await Promise.all(responses.map((response) => response.text()))).toEqual(tabs.flatMap(({ tab }) => Array.from({ length: 20 }, (__, index) => `to /${tab.name}/${index}`)));
    expect(setup.tokenRequests().slice(1)).toEqual(['refresh 200']);
    expect(setup.answers().filter((status) => status === 401)).toEqual(rejected);
  });

  it('signs eight tabs with an empty storage in by one request, if the user has signed in on a page of the server', async () => {
    await setup.signInByServer();
    const tabs = Array.from({ length: 8 }, () => setup.open());
    const snapshots = await until(Promise.all(tabs.map(({ auth }) => auth.ready())));
    expect(new Set(snapshots.map(({ status, sessionId }) => `${status} ${sessionId}`)).size).toBe(1);
    expect(snapshots[0]).toMatchObject({ status: 'signedIn' });
    for (const { auth } of tabs) expect((await until(call(auth))).status).toBe(200);
    expect(setup.tokenRequests()).toEqual(['refresh 200']);
  });

  it('is asked once for a visitor without a session, which it answers by HTTP 204', async () => {
    setup.settings.withoutCookie = 204;
    for (let page = 0; page < 3; page++) {
      expect(await until(setup.open().auth.ready())).toMatchObject({ status: 'signedOut', endReason: null });
    }
    expect(setup.tokenRequests()).toEqual(['refresh 204']);
  });

  it('keeps the session over a reload, and over a reload with cleared site data that spares the cookie', async () => {
    const { tab } = await signedIn();
    tab.kill();
    const reloaded = setup.open();
    expect((await until(call(reloaded.auth))).status).toBe(200);
    reloaded.tab.kill();
    setup.world.storage.values.clear();
    const { auth } = setup.open();
    expect((await until(call(auth))).status).toBe(200);
    expect(setup.tokenRequests()).toEqual(['code 200', 'refresh 200']);
  });

  it('revokes the refresh token and removes the cookie when a user signs out', async () => {
    const { auth, tab } = await signedIn();
    const refreshToken = setup.held() ?? '';
    await until(auth.signOut());
    await setup.world.advance(1000);
    expect(setup.jar.cookies).toEqual([]);
    expect(await setup.present(refreshToken)).toBe(400);
    expect(await until(setup.open().auth.ready())).toMatchObject({ status: 'signedOut' });
    expect(setup.tokenRequests()).toEqual(['code 200', 'sign-out 204']);
    expect(tab.warnings).toEqual([]);
  });

  it('revokes what a refresh in flight has rotated to, when a user signs out in another tab', async () => {
    const first = await signedIn();
    const second = setup.open();
    await until(second.auth.ready());
    const refreshed = rejection(first.auth.refresh());
    await setup.world.advance(setup.world.latencyMs * 0.75); // The server has rotated the token, and its answer has not arrived yet.
    await until(second.auth.signOut());
    expect(await until(refreshed)).toMatchObject({ code: 'session_changed' });
    await setup.world.advance(1000);
    expect(setup.jar.cookies).toEqual([]);
    expect(setup.tokenRequests().slice(1)).toEqual(['refresh 200', 'sign-out 204']);
    expect(setup.mostInFlight()).toBe(1);
  });

  it('repeats a sign-out whose request was lost, on the next page', async () => {
    const { auth, tab } = await signedIn();
    setup.world.faultOf = ({ url }) => (url.endsWith('/sign-out') ? 'dropBefore' : 'none');
    await until(auth.signOut());
    await setup.world.advance(1000);
    tab.kill();
    expect(setup.held()).toBeDefined();
    setup.world.faultOf = () => 'none';
    expect(await until(setup.open().auth.ready())).toMatchObject({ status: 'signedOut' });
    await setup.world.advance(1000);
    expect(setup.jar.cookies).toEqual([]);
  });

  it('ends the grant when a thief sends a refresh token that was rotated, and the page sees refresh_token_invalid', async () => {
    const { auth } = await signedIn();
    const stolen = setup.held() ?? '';
    await until(auth.refresh());
    expect(await setup.present(stolen)).toBe(400);
    await setup.world.sleep(LIFETIME_MS);
    expect(await rejection(until(call(auth)))).toMatchObject({ code: 'session_ended' });
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid' });
    expect(setup.jar.cookies).toEqual([]);
  });

  it('ends the grant with rotation_lost when the answer with the next cookie was lost', async () => {
    const { auth } = await signedIn();
    let refreshes = 0;
    setup.world.faultOf = ({ url }) => (url.endsWith('/token') && ++refreshes === 1 ? 'dropAfter' : 'none');
    await setup.world.sleep(LIFETIME_MS);
    expect(await rejection(until(call(auth)))).toMatchObject({ code: 'session_ended' });
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'rotation_lost' });
    expect(setup.tokenRequests().slice(1)).toEqual(['refresh 200', 'refresh 400']);
  });

  it('keeps the session if a refresh was lost on its way to the server', async () => {
    const { auth } = await signedIn();
    let refreshes = 0;
    setup.world.faultOf = ({ url }) => (url.endsWith('/token') && ++refreshes === 1 ? 'dropBefore' : 'none');
    await setup.world.sleep(LIFETIME_MS);
    expect((await until(call(auth))).status).toBe(200);
    expect(setup.tokenRequests().slice(1)).toEqual(['refresh null', 'refresh 200']);
  });

  it('keeps the session if the tab is closed while the next cookie is on its way', async () => {
    const first = await signedIn();
    const second = setup.open();
    await until(second.auth.ready());
    await setup.world.sleep(LIFETIME_MS);
    void call(first.auth).catch(() => undefined);
    await setup.world.advance(setup.world.latencyMs * 0.75);
    first.tab.kill();
    expect((await until(call(second.auth))).status).toBe(200);
    expect(setup.mostInFlight()).toBe(1);
    expect(setup.tokenRequests().slice(1).every((request) => request === 'refresh 200')).toBe(true);
  });

  it('lets another user replace the session by a sign-in in another tab', async () => {
    const first = await signedIn();
    const { sessionId } = first.auth.getSnapshot();
    const second = setup.open();
    await setup.signIn(second.auth, 'grace');
    await setup.world.advance(1000);
    await setup.world.sleep(LIFETIME_MS);
    expect((await until(call(first.auth))).status).toBe(200);
    expect(first.auth.getSnapshot().sessionId).toBe(second.auth.getSnapshot().sessionId);
    expect(first.auth.getSnapshot().sessionId).not.toBe(sessionId);
  });

  it('moves a session that was signed in without a cookie to the cookie, by its next refresh', async () => {
    const { auth } = await signedIn();
    const tokens = auth.getSnapshot().tokens!;
    const refreshToken = setup.held() ?? '';
    setup.jar.clear();
    await until(auth.signIn({ ...tokens, refreshToken }));
    await until(auth.refresh());
    expect(auth.getSnapshot().tokens?.refreshToken).toEqual({ in: 'cookie' });
    expect(setup.held()).not.toBe(refreshToken);
    await until(auth.refresh());
    expect(setup.tokenRequests().slice(1)).toEqual(['refresh 200', 'refresh 200']);
  });

  it('ends the session if the cookie has expired, or if the browser blocks cookies', async () => {
    setup.settings.cookieLifetimeS = 2 * LIFETIME_S;
    const { auth } = await signedIn();
    await setup.world.sleep(3 * LIFETIME_MS);
    expect(await rejection(until(call(auth)))).toMatchObject({ code: 'session_ended', endReason: 'refresh_token_invalid' });
    setup.jar.blocked = true;
    await setup.signIn(auth);
    expect(setup.jar.cookies).toEqual([]);
    await setup.world.sleep(LIFETIME_MS);
    expect(await rejection(until(call(auth)))).toMatchObject({ code: 'session_ended', endReason: 'refresh_token_invalid' });
  });

  it('keeps the session of a page whose refreshes CORS refuses', async () => {
    const { auth } = await signedIn();
    setup.settings.allowCredentials = false;
    await setup.world.sleep(LIFETIME_MS);
    expect(await rejection(until(call(auth)))).toMatchObject({ code: 'refresh_unavailable' });
    setup.settings.allowCredentials = true;
    expect(await until(auth.refresh())).toMatchObject({ refreshToken: { in: 'cookie' } });
  });
});

describe.each(['opaque', 'jwt'] as const)('a server with %s access tokens that signs another user in on a page of its own', (format) => {
  let setup: CookieSetup;
  beforeEach(async () => {
    setup = await setUpCookies(() => startOidcProvider(format));
  });
  afterEach(() => setup.close());

  it('starts a session of its own at the next refresh, and calls of the former user fail', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth, 'ada');
    const { sessionId } = auth.getSnapshot();
    await setup.signInByServer('grace');
    await setup.world.sleep(LIFETIME_MS);
    expect(await rejection(setup.world.until(auth.fetch('/posts')))).toMatchObject({ code: 'session_changed' });
    expect(auth.getSnapshot().status).toBe('signedIn');
    expect(auth.getSnapshot().sessionId).not.toBe(sessionId);
    expect((await setup.world.until(auth.fetch('/posts'))).status).toBe(200);
  });

  it('starts it at once by restoreSession()', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth, 'ada');
    const { sessionId } = auth.getSnapshot();
    await setup.signInByServer('grace');
    expect(await setup.world.until(restoreSession(auth))).toMatchObject({ status: 'signedIn' });
    expect(auth.getSnapshot().sessionId).not.toBe(sessionId);
  });
});
