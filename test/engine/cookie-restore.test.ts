import { createBotTokens } from 'unexpired/bonfire';
import { restoreSession } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCookieSetup, type CookieSetup } from '../support/cookie-setup.ts';
import { LIFETIME_MS, rejection } from '../support/setup.ts';

const HINTED = { cookie: { hintCookie: 'signed_in', readableDomain: 'bonfire.test' } };

let setup: CookieSetup;
beforeEach(() => {
  setup = createCookieSetup();
});

/** Signs in by the server, as a page of its own does. */
async function signInByServer(bot = 'ember'): Promise<void> {
  await setup.jar.fetch('https://api.bonfire.test/v1/oauth/bots', {
    method: 'POST', credentials: 'include', headers: { authorization: 'Bearer app-key', 'x-csrf': '1' },
    body: new URLSearchParams({ grant_type: 'client_credentials', bots: JSON.stringify([bot]) }),
  });
}

describe('a page with an empty storage', () => {
  it('is signed in by a cookie, and 8 tabs cost one request', async () => {
    await signInByServer();
    const tabs = Array.from({ length: 8 }, () => setup.open());
    const snapshots = await setup.world.until(Promise.all(tabs.map(({ auth }) => auth.ready())));
    expect(new Set(snapshots.map(({ status, sessionId }) => `${status} ${sessionId}`)).size).toBe(1);
    expect(snapshots[0]).toMatchObject({ status: 'signedIn', tokens: { refreshToken: { in: 'cookie' } } });
    expect(setup.tokenRequests()).toEqual(['/oauth 200']);
  });

  it('is signed out if there is no session, and no later page asks again', async () => {
    const tabs = [setup.open(), setup.open()];
    for (const { auth } of tabs) expect(await setup.world.until(auth.ready())).toMatchObject({ status: 'signedOut', endReason: null });
    expect(await setup.world.until(setup.open().auth.ready())).toMatchObject({ status: 'signedOut', endReason: null });
    expect(setup.tokenRequests()).toEqual(['/oauth 401']);
  });

  it('is loading, has no session id and lets its calls wait until the API has answered', async () => {
    await signInByServer();
    setup.world.latencyMs = 1000;
    const { auth } = setup.open();
    const seen = new Set([auth.getSnapshot().status]);
    auth.subscribe(() => void seen.add(auth.getSnapshot().status));
    const call = auth.fetch('/users/me');
    await setup.sent('/oauth');
    expect(auth.getSnapshot()).toMatchObject({ status: 'loading', sessionId: null, tokens: null, endReason: null });
    expect((await setup.world.until(call)).status).toBe(200);
    expect([...seen]).toEqual(['loading', 'signedIn']);
    expect(setup.api.calls.map(({ endpoint, status }) => [endpoint, status])).toEqual([['create', 200], ['refresh', 200], ['me', 200]]);
  });

  it('sends a call of a visitor without a token after the answer, as a page that is signed out does', async () => {
    const { auth } = setup.open();
    expect(await setup.world.until(rejection(auth.fetch('/posts', { method: 'POST' })))).toMatchObject({ code: 'signed_out', endReason: null });
    expect(setup.tokenRequests()).toEqual(['/oauth 401']);
  });

  it.each([400, 403])('is signed out if the API answers HTTP %s in words of its own', async (status) => {
    setup.api.addFault({ kind: 'error', endpoint: 'refresh', code: 999, status });
    const { auth } = setup.open();
    expect(await setup.world.until(auth.ready())).toMatchObject({ status: 'signedOut', endReason: null });
  });

  it('stays loading while the API fails, says why, and is signed in once it works', async () => {
    await signInByServer();
    setup.faultRefreshes('dropBefore');
    const { auth } = setup.open();
    const call = rejection(auth.fetch('/users/me'));
    await setup.world.advance(20_000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'loading', refresh: { state: 'waiting', error: { code: 'refresh_unavailable' } } });
    expect(await setup.world.until(call)).toMatchObject({ code: 'refresh_unavailable' });
    setup.faultRefreshes('none');
    expect(await setup.world.until(auth.ready())).toMatchObject({ status: 'signedIn' });
  });

  it('is signed in by its user although the answer to the restore comes later', async () => {
    setup.world.latencyMs = 1000;
    const first = setup.open();
    void first.auth.ready();
    await setup.sent('/oauth');
    const second = setup.open();
    await setup.world.until(second.auth.signIn(createBotTokens(setup.protocol, ['ember'])));
    await setup.world.advance(5000);
    const { sessionId } = second.auth.getSnapshot();
    expect(first.auth.getSnapshot()).toMatchObject({ status: 'signedIn', sessionId });
    expect(setup.mostInFlight()).toBe(1);
  });

  it('settles `ready()` and its calls when the client is disposed meanwhile', async () => {
    setup.world.latencyMs = 5000;
    const { auth } = setup.open();
    const waiting = [rejection(auth.ready()), rejection(auth.fetch('/users/me'))];
    await setup.sent('/oauth');
    auth.dispose();
    for (const error of await setup.world.until(Promise.all(waiting))) expect(error).toMatchObject({ code: 'disposed' });
  });

  it('goes on with the restore of a page that was closed during it', async () => {
    await signInByServer();
    setup.world.latencyMs = 1000;
    const first = setup.open();
    void first.auth.ready();
    await setup.sent('/oauth');
    first.tab.kill();
    const { auth } = setup.open();
    expect(await setup.world.until(auth.ready())).toMatchObject({ status: 'signedIn' });
    expect(setup.mostInFlight()).toBe(1);
    expect(setup.api.counts.reuses).toBe(0);
  });
});

it('8 tabs that each keep their own access token are signed in by a cookie one after the other', async () => {
  await signInByServer();
  const tabs = Array.from({ length: 8 }, () => setup.open({ accessToken: 'memory' }));
  const calls = await setup.world.until(Promise.all(tabs.map(({ auth }) => auth.fetch('/users/me'))));
  expect(calls.map(({ status }) => status)).toEqual(Array(8).fill(200));
  expect(setup.api.counts).toMatchObject({ refreshes: 8, reuses: 0, maxConcurrentRefreshes: 1 });
  expect(setup.storedText()).not.toContain('eyJ');
});

it('a page that finds an empty storage goes on with the session that another tab still has', async () => {
  const { auth } = await setup.openSignedIn();
  const { sessionId } = auth.getSnapshot();
  setup.world.storage.values.clear();
  setup.world.latencyMs = 500;
  const next = setup.open();
  expect(await setup.world.until(next.auth.ready())).toMatchObject({ status: 'signedIn', sessionId });
  await setup.world.advance(5000);
  expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', sessionId });
  for (const tab of [auth, next.auth]) expect((await setup.world.until(tab.fetch('/users/me'))).status).toBe(200);
  expect(setup.mostInFlight()).toBe(1);
});

describe('a page with a hint', () => {
  beforeEach(() => {
    setup = createCookieSetup(HINTED, { hintCookie: 'signed_in' });
  });

  it('sends nothing for a visitor without a session', async () => {
    expect(await setup.world.until(setup.open().auth.ready())).toMatchObject({ status: 'signedOut' });
    await setup.world.advance(LIFETIME_MS);
    expect(setup.tokenRequests()).toEqual([]);
  });

  it('is signed in after a sign-in by the server, although the last outcome was "no session"', async () => {
    await setup.openSignedIn().then(({ auth }) => setup.world.until(auth.signOut()));
    await setup.world.advance(1000);
    await signInByServer('cinder');
    expect(await setup.world.until(setup.open().auth.ready())).toMatchObject({ status: 'signedIn' });
  });

  it('asks once a page if the hint is wrong', async () => {
    await signInByServer();
    setup.api.endSession({}, 451);
    setup.api.configure({ cookie: { hintCookie: null } });
    const { auth } = setup.open();
    expect(await setup.world.until(auth.ready())).toMatchObject({ status: 'signedOut', endReason: null });
    await setup.world.advance(LIFETIME_MS);
    expect(setup.tokenRequests()).toEqual(['/oauth 400']);
  });
});

describe('restoreSession()', () => {
  it('signs in after a sign-in by the server', async () => {
    const { auth } = setup.open();
    await setup.world.until(auth.ready());
    await signInByServer();
    expect(await setup.world.until(restoreSession(auth))).toMatchObject({ status: 'signedIn' });
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });

  it('resolves to a signed-out snapshot if there is no session', async () => {
    const { auth } = setup.open();
    expect(await setup.world.until(restoreSession(auth))).toMatchObject({ status: 'signedOut' });
    expect(await setup.world.until(restoreSession(auth))).toMatchObject({ status: 'signedOut' });
    expect(setup.tokenRequests()).toEqual(['/oauth 401', '/oauth 401']);
  });

  it('starts another session if another user has signed in by the server', async () => {
    const { auth } = await setup.openSignedIn();
    const { sessionId } = auth.getSnapshot();
    await signInByServer('cinder');
    expect((await setup.world.until(restoreSession(auth))).sessionId).not.toBe(sessionId);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

  it('rejects if the API cannot be asked', async () => {
    setup.faultRefreshes('dropBefore');
    expect(await setup.world.until(rejection(restoreSession(setup.open().auth)))).toMatchObject({ code: 'refresh_unavailable' });
  });

  it('needs a protocol whose refresh token is in a cookie', async () => {
    const { refreshCookie: _, ...protocol } = setup.protocol;
    expect(await setup.world.until(rejection(restoreSession(setup.open({ protocol }).auth)))).toMatchObject({ code: 'invalid_config', field: 'client' });
  });
});
