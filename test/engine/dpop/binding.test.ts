import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuthError, type AuthClient } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { createDpopServer, ORIGIN, passwordGrant, TOKEN_ENDPOINT, type DpopServer } from '../../support/dpop-server.ts';
import { rejection } from '../../support/setup.ts';

let server: DpopServer;
beforeEach(() => {
  server = createDpopServer();
});
afterEach(() => vi.restoreAllMocks());

const until = <T>(promise: Promise<T>) => server.world.until(promise);
const call = async (auth: AuthClient) => (await until(auth.fetch('/posts'))).status;
const schemes = () => server.requests.filter(({ url }) => url.startsWith(ORIGIN)).map(({ authorization }) => authorization?.split(' ')[0]);
const extraOf = (auth: AuthClient) => auth.getSnapshot().tokens?.extra;

describe('a session that was stored without a key', () => {
  it('calls as Bearer, and is bound at its next refresh', async () => {
    const { auth: before } = await server.openSignedIn({ dpop: undefined });
    before.dispose();
    const { auth } = server.open();
    expect([await call(auth), extraOf(auth)]).toEqual([200, undefined]);
    await until(auth.refresh());
    expect(await call(auth)).toBe(200);
    expect(schemes()).toEqual(['Bearer', 'DPoP']);
    expect(await server.kept()).toEqual([extraOf(auth)?.['dpop_jkt']]);
  });

  it('is bound to one key if two tabs refresh at the same time', async () => {
    const { auth: before } = await server.openSignedIn({ dpop: undefined });
    before.dispose();
    const tabs = [server.open().auth, server.open().auth];
    await server.world.sleep(61_000);
    expect(await until(Promise.all(tabs.map(async (auth) => (await auth.fetch('/posts')).status)))).toEqual([200, 200]);
    expect(new Set(schemes())).toEqual(new Set(['DPoP']));
    expect(await server.kept()).toHaveLength(1);
  });
});

describe('a server that issues bearer tokens', () => {
  // claim: bearer-stays-bearer
  it('gets bearer calls, and the key still proves each refresh, because the refresh token may be bound', async () => {
    server.isBinding = false;
    const { auth } = await server.openSignedIn();
    expect(await call(auth)).toBe(200);
    await until(auth.refresh());
    await until(auth.refresh());
    expect([await call(auth), schemes()]).toEqual([200, ['Bearer', 'Bearer']]);
    const keys = server.requests.filter(({ url }) => url === TOKEN_ENDPOINT).map(({ jkt }) => jkt);
    expect([keys.length, new Set(keys).size, await server.kept()]).toEqual([3, 1, [keys[0]]]);
  });

  it('gets bound calls after the refresh at which it issues bound tokens', async () => {
    server.isBinding = false;
    const { auth } = await server.openSignedIn();
    await call(auth);
    server.isBinding = true;
    await until(auth.refresh());
    await call(auth);
    server.isBinding = false;
    await until(auth.refresh());
    await call(auth);
    expect(schemes()).toEqual(['Bearer', 'DPoP', 'Bearer']);
  });
});

describe('a bound token', () => {
  // claim: bound-never-as-bearer
  it('is never sent as Bearer', async () => {
    const { auth } = await server.openSignedIn();
    for (let round = 0; round < 5; round++) {
      await server.world.sleep(55_000);
      await until(Promise.all([auth.fetch('/posts'), auth.fetch(new Request(`${ORIGIN}/posts`)), auth.fetchWith([{ scope: 'send', interceptor: (request, next) => next(request) }])('/posts')]));
    }
    expect(new Set(schemes())).toEqual(new Set(['DPoP']));
  });

  it('is of no use to a thief without the key, and neither is the refresh token', async () => {
    const { auth, tab } = await server.openSignedIn();
    const { accessToken, refreshToken } = auth.getSnapshot().tokens ?? {};
    const asBearer = await until(tab.platform.fetch(`${ORIGIN}/posts`, { headers: { authorization: `Bearer ${accessToken}` } }));
    const asBound = await until(tab.platform.fetch(`${ORIGIN}/posts`, { headers: { authorization: `DPoP ${accessToken}` } }));
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: `${refreshToken as string}` });
    const refresh = await until(tab.platform.fetch(TOKEN_ENDPOINT, { method: 'POST', body }));
    expect([asBearer.status, asBound.status, refresh.status]).toEqual([401, 401, 400]);
    expect(await call(auth)).toBe(200);
  });

  // claim: recorded-call-refused
  it('of a recorded call cannot be used again, for another address, or for another method', async () => {
    const { auth, tab } = await server.openSignedIn();
    await call(auth);
    const { authorization, proof } = server.requests.at(-1) ?? {};
    for (const [path, method] of [['/posts', 'GET'], ['/users', 'GET'], ['/posts', 'POST']] as const) {
      const response = await until(tab.platform.fetch(`${ORIGIN}${path}`, { method, headers: { authorization: authorization ?? '', dpop: proof ?? '' } }));
      expect(response.status).toBe(401);
    }
  });
});

describe('a sign-in with a key', () => {
  it('that the server refuses leaves the session before as it is', async () => {
    const { auth } = await server.openSignedIn();
    const { tokens } = auth.getSnapshot();
    server.nonces.token = 'first';
    Object.defineProperty(server.nonces, 'token', { get: () => `${Math.random()}` });
    expect(await rejection(until(auth.signIn(passwordGrant('grace'))))).toMatchObject({ code: 'grant_refused', apiCode: 'use_dpop_nonce' });
    await server.world.advance(1000);
    expect(auth.getSnapshot().tokens).toBe(tokens);
    expect(await call(auth)).toBe(200);
  });

  it('fails with a message about the secure context if there is no WebCrypto', async () => {
    const { auth } = server.open();
    vi.stubGlobal('crypto', {});
    const error = await rejection(until(auth.signIn(passwordGrant('ada'))));
    expect(AuthError.is(error)).toBe(true);
  });

  it.each([true, {}, 'dpop'])('refuses the setting `dpop: %o`', (dpop) => {
    expect(() => oauth2({ tokenEndpoint: TOKEN_ENDPOINT, clientId: 'app', resourceOrigins: [ORIGIN], dpop: dpop as never })).toThrow(expect.objectContaining({ code: 'invalid_config', field: 'dpop', message: expect.stringContaining('unexpired/dpop') }));
  });
});
