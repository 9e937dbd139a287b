import type { AuthClient } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCookieSetup, type CookieSetup } from '../../support/cookie-setup.ts';
import { LIFETIME_MS, rejection } from '../../support/setup.ts';

let setup: CookieSetup;
let auth: AuthClient;
beforeEach(async () => {
  setup = createCookieSetup();
  ({ auth } = await setup.openSignedIn());
});

const until = <T>(promise: Promise<T>) => setup.world.until(promise);
const statusOf = async (call: Promise<Response>) => (await until(call)).status;
const me = () => auth.fetch('/users/me');
/** The token requests since the sign-in. */
const refreshes = () => setup.tokenRequests().slice(1);

describe('a call with the refresh token in a cookie', () => {
  it('is sent once if its access token is valid', async () => {
    expect(await statusOf(me())).toBe(200);
    expect(setup.answers('me')).toEqual([200]);
    expect(refreshes()).toEqual([]);
  });

  it('is sent once, after one refresh, if its access token has expired', async () => {
    await setup.world.sleep(LIFETIME_MS * 2);
    expect(await statusOf(me())).toBe(200);
    expect(setup.answers('me')).toEqual([200]);
    expect(refreshes()).toEqual(['/oauth 200']);
  });

  it('is sent twice, with one refresh in between, if the API rejects its access token', async () => {
    setup.api.revokeAccessTokens();
    expect(await statusOf(me())).toBe(200);
    expect(setup.answers('me')).toEqual([401, 200]);
    expect(refreshes()).toEqual(['/oauth 200']);
  });

  it('gets the second rejection of an API that rejects each token, and further calls cost no refresh', async () => {
    setup.api.addFault({ endpoint: 'me', kind: 'error', code: 450 });
    for (const round of [1, 2, 3]) {
      expect(await statusOf(me())).toBe(401);
      expect(refreshes()).toHaveLength(1);
      expect(setup.answers('me').length).toBeLessThanOrEqual(2 * round);
    }
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

  it.each([
    ['have an expired token', 100, () => setup.world.sleep(LIFETIME_MS * 2)],
    ['have a token of a former signing key', 250, () => void setup.api.revokeAccessTokens()],
  ])('and many more cost one refresh if they start together and %s', async (_, count, takeAway) => {
    await takeAway();
    const responses = await until(Promise.all(Array.from({ length: count }, me)));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0 });
  });

  it('and many more cost one refresh if they start while it is in flight', async () => {
    setup.api.revokeAccessTokens();
    const calls: Promise<Response>[] = [];
    for (let index = 0; index < 100; index++) {
      calls.push(me());
      await setup.world.advance(1);
    }
    const responses = await until(Promise.all(calls));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0 });
  });

  it('rejects with refresh_unavailable if the refresh is answered by HTTP 500, and the session stays', async () => {
    setup.api.addFault({ endpoint: 'refresh', kind: 'status', status: 500 });
    setup.api.revokeAccessTokens();
    expect(await until(rejection(me()))).toMatchObject({ code: 'refresh_unavailable', message: expect.stringContaining('500') });
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'waiting' } });
    setup.api.clearFaults();
    await until(auth.refresh());
    expect(await statusOf(me())).toBe(200);
  });

  it('rejects with misconfigured if the answer to the refresh has no tokens, which names the endpoint', async () => {
    setup.world.rewrite = () => '{"data":{}}';
    setup.api.revokeAccessTokens();
    expect(await until(rejection(me()))).toMatchObject({ code: 'misconfigured', message: expect.stringContaining('https://api.bonfire.test') });
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked' } });
  });

  it.each([400, 401, 403, 404, 405, 500, 503])('gets an error %s of the API that is no rejection of its token, without a refresh', async (status) => {
    setup.api.addFault({ endpoint: 'me', kind: 'status', status });
    expect(await statusOf(me())).toBe(status);
    expect(setup.answers('me')).toHaveLength(1);
    expect(refreshes()).toEqual([]);
  });

  it('rejects with the network error of the platform, without a refresh', async () => {
    setup.world.faultOf = () => 'dropBefore';
    expect(await until(rejection(me()))).toEqual(new TypeError('Failed to fetch'));
    expect(refreshes()).toEqual([]);
  });

  it.each(['GET', 'POST', 'PUT', 'DELETE'])('by %s has the headers of the caller, with a session and after it', async (method) => {
    const seen: (string | null)[] = [];
    const { faultOf } = setup.world;
    setup.world.faultOf = (request) => (request.url.endsWith('/posts/1') && seen.push(request.headers.get('x-own')), faultOf(request));
    await until(auth.fetch('/posts/1', { method, headers: { 'x-own': 'value' } }));
    await until(auth.signOut());
    await until(auth.fetch('/posts/1', { method, headers: { 'x-own': 'value' } }).catch(() => undefined));
    expect(seen).toEqual(method === 'GET' ? ['value', 'value'] : ['value']);
  });

  it('has no cookie unless the caller asks for it', async () => {
    setup.api.configure({ cookie: { path: '/' } });
    await until(auth.refresh());
    setup.api.clearCalls();
    await until(me());
    await until(auth.fetch('/users/me', { credentials: 'include' }));
    expect(setup.api.calls.map(({ cookies }) => cookies)).toEqual([undefined, ['bonfire_refresh']]);
  });

  it('to another origin is refused, and a relative path continues the address of the API', async () => {
    expect(await until(rejection(auth.fetch('https://www.example.com/')))).toMatchObject({ code: 'origin_not_allowed' });
    expect(await statusOf(auth.fetch('/users/me'))).toBe(200);
    expect(setup.answers('me')).toEqual([200]);
  });

  it('goes through every interceptor, also one that reads the answer', async () => {
    const texts: string[] = [];
    const own = auth.fetchWith([
      async (request, next) => {
        const response = await next(request);
        texts.push(await response.clone().text());
        return response;
      },
      (request, next) => {
        request.headers.set('x-second', '2');
        return next(request);
      },
    ]);
    setup.api.revokeAccessTokens();
    const response = await until(own('/users/me'));
    expect(texts).toEqual([await response.text()]);
  });
});
