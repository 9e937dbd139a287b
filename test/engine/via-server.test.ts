import { createTokenReplacer, restoreSession } from 'unexpired/core';
import { serverSignIn } from 'unexpired/via-server';
import { beforeEach, describe, expect, it } from 'vitest';
import { createServerSetup, type ServerSetup } from '../support/server-setup.ts';
import { rejection } from '../support/setup.ts';

let setup: ServerSetup;
beforeEach(() => {
  setup = createServerSetup();
});

const userOf = async (response: Response) => ((await response.json()) as { user: string }).user;

describe('a page whose server keeps all tokens', () => {
  it('signs in, calls the API through the server, and shows who is signed in', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    expect(await userOf(await setup.world.until(auth.fetch('/me')))).toBe('ann');
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', tokens: { accessToken: '', expiresAt: null, extra: { subject: 'ann' } } });
    expect(setup.calls().map(({ url }) => url)).toEqual(['https://app.bonfire.test/api/me']);
    expect(setup.asked()).toEqual(['sign-in 200']);
  });

  // claim: no-token-in-the-page
  it('has no token in storage, in its requests, in answers and in messages', async () => {
    const first = setup.open();
    const second = setup.open();
    await setup.signIn(first.auth);
    await setup.world.until(second.auth.fetch('/me'));
    const seen = JSON.stringify([[...setup.world.storage.values.values()], first.tab.posted, second.tab.posted, setup.calls(), first.auth.getSnapshot()]);
    expect(seen).not.toMatch(/ann-(access|refresh)/);
    expect(seen).toContain('ann');
  });

  it('gives no token to an app that signs in, refreshes or restores', async () => {
    const { auth } = setup.open();
    const signedIn = await setup.world.until(auth.signIn(serverSignIn(setup.protocol, { user: 'ann' })));
    const refreshed = await setup.world.until(auth.refresh());
    const restored = await setup.world.until(restoreSession(auth));
    expect([signedIn, refreshed, restored.tokens]).toEqual(Array(3).fill(auth.getSnapshot().tokens));
    expect(signedIn).toMatchObject({ accessToken: '', extra: { subject: 'ann' } });
  });

  it.each([
    ['getAccessToken', (auth: ReturnType<ServerSetup['open']>['auth']) => auth.getAccessToken()],
    ['a token replacer', (auth: ReturnType<ServerSetup['open']>['auth']) => createTokenReplacer(auth)('rejected')],
  ])('rejects %s with misconfigured and names the member to call', async (_name, call) => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    expect(await setup.world.until(rejection(call(auth)))).toMatchObject({ code: 'misconfigured', message: expect.stringContaining('auth.fetch') });
  });

  // claim: session-of-the-server-restored
  it('restores a session by one request over 8 tabs', async () => {
    await setup.signInByServer();
    const tabs = Array.from({ length: 8 }, () => setup.open());
    const answers = await setup.world.until(Promise.all(tabs.map(({ auth }) => auth.fetch('/me'))));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(setup.asked()).toEqual(['session 200']);
  });

  it('costs a visitor one request, and none on the next page', async () => {
    expect(await setup.world.until(setup.open().auth.ready())).toMatchObject({ status: 'signedOut', endReason: null });
    expect(await setup.world.until(setup.open().auth.ready())).toMatchObject({ status: 'signedOut', endReason: null });
    expect(setup.asked()).toEqual(['session 401']);
  });

  it('sends 160 calls of 8 tabs with one refresh of the server when the token has expired', async () => {
    const tabs = Array.from({ length: 8 }, () => setup.open());
    await setup.signIn(tabs[0]!.auth);
    await setup.world.advance(setup.server.lifetimeMs * 2);
    const answers = await setup.world.until(Promise.all(tabs.flatMap(({ auth }) => Array.from({ length: 20 }, () => auth.fetch('/me')))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(160);
    expect(setup.server).toMatchObject({ sent: ['ann-refresh-1'], reuses: 0 });
    expect(setup.asked()).toEqual(['sign-in 200']);
  });

  it('sends no call without a session, although it is optional, because the server would find the cookie of another user', async () => {
    const { auth } = setup.open();
    await setup.world.until(auth.ready());
    expect(await setup.world.until(rejection(auth.fetchWith([], { session: 'optional' })('/me')))).toMatchObject({ code: 'signed_out' });
    expect(setup.calls()).toEqual([]);
  });

  it('follows a redirect with the header of the session, which is no secret', async () => {
    const { auth, tab } = setup.open();
    await setup.signIn(auth);
    const modes: string[] = [];
    const { fetch } = tab.platform;
    const opened = setup.open({ platform: { ...tab.platform, fetch: (input, init) => (modes.push(new Request(input, init).redirect), fetch(input, init)) } });
    await setup.world.until(opened.auth.fetch('/me'));
    expect(modes).toEqual(['follow']);
  });
});

describe('a sign-out', () => {
  it('in one tab ends the session in all tabs, on the server and in the jar', async () => {
    const [first, second] = [setup.open(), setup.open()];
    await setup.signIn(first.auth);
    await setup.world.until(second.auth.ready());
    await setup.world.until(first.auth.signOut());
    await setup.world.advance(1000);
    expect(second.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
    expect(setup.jar.cookies).toEqual([]);
    expect(setup.server.isAlive('ann')).toBe(false);
    expect(setup.asked()).toEqual(['sign-in 200', 'sign-out 200']);
  });

  it('has ended the session on the server when it resolves, so that a page that is rendered next shows no user', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    await setup.world.until(auth.signOut());
    expect(setup.server.isAlive('ann')).toBe(false);
  });

  it('resolves after 3 s while the server does not answer, and ends the session there later', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    setup.world.faultOf = () => 'hangBefore';
    const startedAt = setup.world.now();
    await setup.world.until(auth.signOut());
    expect(setup.world.now() - startedAt).toBeLessThan(3100);
    expect(auth.getSnapshot().status).toBe('signedOut');
    setup.world.faultOf = () => 'none';
    await setup.world.until(setup.open().auth.ready());
    await setup.world.advance(60_000);
    expect(setup.server.isAlive('ann')).toBe(false);
  });

  it('of a tab that still shows a former user leaves the session of the next one', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth, 'ann');
    await setup.signInByServer('ben');
    await setup.world.until(auth.signOut());
    await setup.world.advance(1000);
    const snapshot = await setup.world.until(restoreSession(auth));
    expect(snapshot).toMatchObject({ status: 'signedIn', tokens: { extra: { subject: 'ben' } } });
  });
});

describe('a tab of a user after another one has signed in on a page of the server', () => {
  it('sends nothing as the other user, and fails the call with session_changed', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth, 'ann');
    await setup.signInByServer('ben');
    const error = await setup.world.until(rejection(auth.fetch('/posts', { method: 'POST', body: 'by ann' })));
    expect(error).toMatchObject({ code: 'session_changed' });
    expect(setup.server.accepted).toEqual([]);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', tokens: { extra: { subject: 'ben' } } });
    expect(await userOf(await setup.world.until(auth.fetch('/me')))).toBe('ben');
  });

  it('goes on with the new session if it is the same user, and repeats the call once', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth, 'ann');
    const { sessionId } = auth.getSnapshot();
    await setup.signInByServer('ann');
    expect(await userOf(await setup.world.until(auth.fetch('/me')))).toBe('ann');
    expect(auth.getSnapshot().sessionId).toBe(sessionId);
    expect(setup.calls().map(({ status }) => status)).toEqual([401, 200]);
  });
});

describe('a session that ends on the server', () => {
  it('ends in all tabs at the next call, which fails with session_ended', async () => {
    const [first, second] = [setup.open(), setup.open()];
    await setup.signIn(first.auth);
    await setup.world.until(second.auth.ready());
    await setup.world.until(setup.sessions[1]!.endAll('ann'));
    expect(await setup.world.until(rejection(first.auth.fetch('/me')))).toMatchObject({ code: 'session_ended' });
    await setup.world.advance(100);
    expect(second.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid' });
  });

  it('does not end while the server is down, and calls work again after it', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    setup.answer = () => Response.json({ error: 'storage_unavailable' }, { status: 503, headers: { 'retry-after': '2', 'x-session-error': 'storage_unavailable' } });
    expect((await setup.world.until(auth.fetch('/me'))).status).toBe(503);
    expect(await setup.world.until(rejection(restoreSession(auth)))).toMatchObject({ code: 'refresh_unavailable' });
    expect(auth.getSnapshot().status).toBe('signedIn');
    setup.answer = null;
    expect((await setup.world.until(auth.fetch('/me'))).status).toBe(200);
  });

  it('is asked for, and the page sends the body again, if the proxy could not replay it', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    setup.answer = ({ url }) => {
      if (!url.includes('/api/')) return null;
      setup.answer = null;
      return Response.json({ error: 'body_not_replayed' }, { status: 401, headers: { 'x-session-error': 'body_not_replayed' } });
    };
    expect((await setup.world.until(auth.fetch('/posts', { method: 'POST', body: 'a text' }))).status).toBe(200);
    expect(setup.calls().map(({ status, body }) => [status, body])).toEqual([[401, 'a text'], [200, 'a text']]);
    expect(setup.asked()).toEqual(['sign-in 200', 'session 200']);
  });

  it('does not end by a 401 of the API, or by one of a server in between', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    setup.answer = ({ url }) => (url.includes('/api/') ? Response.json({}, { status: 401 }) : null);
    expect((await setup.world.until(auth.fetch('/me'))).status).toBe(401);
    setup.answer = () => new Response('Log in to the proxy', { status: 401, headers: { 'x-session-error': 'signed_out' } });
    await setup.world.until(rejection(auth.fetch('/me')));
    expect(auth.getSnapshot().status).toBe('signedIn');
  });
});

describe('a sign-in at the server', () => {
  it('that is refused rejects with the server’s own code', async () => {
    const { auth } = setup.open();
    setup.answer = () => Response.json({ error: 'grant_refused', apiCode: 'wrong_password' }, { status: 401 });
    expect(await setup.world.until(rejection(auth.signIn(serverSignIn(setup.protocol, { user: 'ann' }))))).toMatchObject({ code: 'grant_refused', apiCode: 'wrong_password' });
  });

  it('that finds the server down rejects with grant_unavailable', async () => {
    const { auth } = setup.open();
    setup.answer = () => Response.json({ error: 'storage_unavailable' }, { status: 503, headers: { 'retry-after': '2' } });
    expect(await setup.world.until(rejection(auth.signIn(serverSignIn(setup.protocol, { user: 'ann' }))))).toMatchObject({ code: 'grant_unavailable', transient: true });
  });
});
