import { beforeEach, describe, expect, it } from 'vitest';
import { createCookieSetup, type CookieSetup } from '../../support/cookie-setup.ts';
import { LIFETIME_MS, rejection } from '../../support/setup.ts';

let setup: CookieSetup;
beforeEach(() => {
  setup = createCookieSetup();
});

const until = <T>(promise: Promise<T>) => setup.world.until(promise);

describe('whether there is a session', () => {
  it('costs one request without one, none when it is asked again, and none after a sign-in', async () => {
    const { auth } = setup.open();
    for (let count = 0; count < 3; count++) expect(await until(auth.ready())).toMatchObject({ status: 'signedOut', endReason: null });
    expect(setup.tokenRequests()).toEqual(['/oauth 401']);
    await setup.signIn(auth);
    expect(await until(auth.ready())).toMatchObject({ status: 'signedIn' });
    expect(setup.tokenRequests()).toEqual(['/oauth 401', '/oauth/bots 200']);
  });

  it('is not known while the API answers HTTP 500, and is known when it works again', async () => {
    const remove = setup.api.addFault({ endpoint: 'refresh', kind: 'status', status: 500 });
    const { auth } = setup.open();
    const ready = auth.ready();
    await setup.world.advance(5000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'loading', refresh: { state: 'waiting', error: { code: 'refresh_unavailable' } } });
    remove();
    expect(await until(ready)).toMatchObject({ status: 'signedOut', endReason: null });
  });

  it('is known without a request while the access token has expired', async () => {
    (await setup.openSignedIn()).tab.kill();
    await setup.world.sleep(LIFETIME_MS * 2);
    const reloaded = setup.open();
    expect(await until(reloaded.auth.ready())).toMatchObject({ status: 'signedIn' });
    expect(setup.tokenRequests()).toEqual(['/oauth/bots 200']);
    expect(await until(reloaded.auth.getAccessToken())).toBe(reloaded.auth.getSnapshot().tokens?.accessToken);
    expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0 });
  });

  it('is the same for two clients of one page', async () => {
    const { auth, tab } = await setup.openSignedIn();
    const second = setup.open({ platform: tab.platform }).auth;
    expect((await until(second.ready())).sessionId).toBe(auth.getSnapshot().sessionId);
    await until(second.signOut());
    await setup.world.advance(1000);
    expect(auth.getSnapshot().status).toBe('signedOut');
    await setup.signIn(auth);
    await setup.world.advance(1000);
    expect(second.getSnapshot().sessionId).toBe(auth.getSnapshot().sessionId);
    expect(setup.mostInFlight()).toBe(1);
  });
});

describe('a call without a session', () => {
  it('that needs one rejects with signed_out, and one that needs none gets its answer', async () => {
    const { auth } = setup.open();
    expect(await until(rejection(auth.fetch('/users/me/posts', { method: 'POST' })))).toMatchObject({ code: 'signed_out', endReason: null });
    expect((await until(auth.fetch('/posts'))).status).toBe(200);
    expect((await until(auth.fetch('/posts/404'))).status).toBe(404);
    expect(setup.tokenRequests()).toEqual(['/oauth 401']);
  });

  it('gets an HTTP 500 of the API, and no further request asks for a session', async () => {
    setup.api.addFault({ endpoint: 'posts', kind: 'status', status: 500 });
    const { auth } = setup.open();
    for (let count = 0; count < 3; count++) expect((await until(auth.fetch('/posts'))).status).toBe(500);
    expect(setup.tokenRequests()).toEqual(['/oauth 401']);
  });
});

describe('refresh()', () => {
  it('gets a new token, which further calls use', async () => {
    const { auth } = await setup.openSignedIn();
    await setup.world.sleep(LIFETIME_MS * 2);
    const { accessToken } = await until(auth.refresh());
    expect(auth.getSnapshot().tokens).toMatchObject({ accessToken, refreshToken: { in: 'cookie' } });
    expect((await until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts.refreshes).toBe(1);
  });

  it('rejects with session_ended if the API answers HTTP 401 in words of its own, and the app sees why', async () => {
    const { auth } = await setup.openSignedIn();
    setup.api.addFault({ endpoint: 'refresh', kind: 'status', status: 401 });
    expect(await until(rejection(auth.refresh()))).toMatchObject({ code: 'session_ended', endReason: 'refresh_token_invalid' });
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid', tokens: null });
  });
});

describe('getAccessToken()', () => {
  it('rejects without a session, resolves with one, and rejects after the sign-out', async () => {
    const { auth } = setup.open();
    expect(await until(rejection(auth.getAccessToken()))).toMatchObject({ code: 'signed_out' });
    await setup.signIn(auth);
    expect(await until(auth.getAccessToken())).toBe(auth.getSnapshot().tokens?.accessToken);
    await until(auth.signOut());
    expect(await until(rejection(auth.getAccessToken()))).toMatchObject({ code: 'signed_out' });
  });

  it('rejects if the API does not accept the cookie', async () => {
    const { auth } = await setup.openSignedIn();
    setup.api.endSession({}, 451);
    await setup.world.sleep(LIFETIME_MS * 2);
    expect(await until(rejection(auth.getAccessToken()))).toMatchObject({ code: 'session_ended' });
    expect(setup.jar.cookies).toEqual([]);
  });
});

describe('a sign-out', () => {
  it.each([['is valid', 0], ['has expired', LIFETIME_MS * 2]])('costs no refresh if the access token %s', async (_, sleepMs) => {
    const { auth } = await setup.openSignedIn();
    await setup.world.sleep(sleepMs);
    await until(auth.signOut());
    await setup.world.advance(1000);
    expect(setup.tokenRequests()).toEqual(['/oauth/bots 200', '/oauth/sign-out 204']);
    expect(setup.jar.cookies).toEqual([]);
  });

  it('that the API answers with an error is warned about, and repeated by the next page', async () => {
    const { auth, tab } = await setup.openSignedIn();
    const remove = setup.api.addFault({ endpoint: '*', kind: 'status', status: 500 });
    await until(auth.signOut());
    await setup.world.advance(1000);
    expect(tab.warnings).toEqual([expect.stringContaining('HTTP 500')]);
    expect(auth.getSnapshot().status).toBe('signedOut');
    tab.kill();
    remove();
    await until(setup.open().auth.ready());
    await setup.world.advance(1000);
    expect(setup.jar.cookies).toEqual([]);
  });

  it('leaves no token, no cookie and no session id, and the user can sign in again', async () => {
    setup = createCookieSetup({ cookie: { csrfHeader: { name: 'x-csrf', cookie: 'csrf' }, hintCookie: 'hint', readableDomain: 'bonfire.test' } }, { csrfHeader: { name: 'x-csrf', cookie: 'csrf' }, hintCookie: 'hint' });
    const { auth } = await setup.openSignedIn();
    expect(setup.jar.cookies).toHaveLength(3);
    await until(auth.signOut());
    await setup.world.advance(1000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out', tokens: null, sessionId: null });
    expect(setup.jar.cookies).toEqual([]);
    await setup.signIn(auth);
    expect((await until(auth.fetch('/users/me'))).status).toBe(200);
    await until(auth.refresh());
    expect(setup.api.counts.reuses).toBe(0);
  });

  it('is followed by no refresh when a call needs a session', async () => {
    const { auth } = await setup.openSignedIn();
    await until(auth.signOut());
    await setup.world.advance(1000);
    expect(await until(rejection(auth.fetch('/users/me/posts', { method: 'POST' })))).toMatchObject({ code: 'signed_out', endReason: 'sign_out' });
    expect(setup.tokenRequests()).toEqual(['/oauth/bots 200', '/oauth/sign-out 204']);
  });
});

describe('the snapshots of a client', () => {
  it('show one session that has started, and its end with the reason', async () => {
    const { auth } = setup.open();
    const seen: string[] = [];
    auth.subscribe(() => void (seen.at(-1) !== nameOf() && seen.push(nameOf())));
    const nameOf = () => `${auth.getSnapshot().status} ${auth.getSnapshot().endReason}`;
    await setup.signIn(auth);
    setup.jar.clear();
    await setup.world.sleep(LIFETIME_MS * 2);
    expect(await until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'session_ended' });
    expect(seen).toEqual(['loading null', 'signedIn null', 'signedOut refresh_token_invalid']);
  });
});
