import { exportJWK, importJWK, jwtVerify } from 'jose';
import { withApis } from 'unexpired/apis';
import type { AuthClient } from 'unexpired/core';
import { afterEach, describe, expect, it } from 'vitest';
import { rejection } from '../support/setup.ts';
import { API, ISSUER, LIFETIME_S } from './support/authorization-server.ts';
import { startOidcProvider, type OidcProvider } from './support/oidc-provider.ts';
import { startResourceApi } from './support/resource-api.ts';
import { setUp, type Setup } from './support/setup.ts';

const LIFETIME_MS = LIFETIME_S * 1000;
const FILES = 'https://files.example.com';
const MAIL = 'https://mail.example.com';
const OTHER = 'https://other.example.com';

const resourceIndicators = {
  enabled: true,
  defaultResource: () => API, // Of several granted resources, a token request without one is for this.
  useGrantedResource: () => true,
  getResourceServerInfo: (_: unknown, resource: string) => ({ scope: 'openid offline_access', audience: resource, accessTokenTTL: LIFETIME_S, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }),
};

/** Starts an API that accepts only tokens whose audience it is. */
async function startApi(server: OidcProvider, audience: string, revoked: Set<string>) {
  const { kty, n, e } = await exportJWK(await server.signingKey());
  const key = await importJWK({ kty: kty!, n: n!, e: e! }, 'RS256');
  return startResourceApi({
    ...server,
    async challenge(authorization) {
      const token = authorization?.replace('Bearer ', '') ?? '';
      const verified = await jwtVerify(token, key, { issuer: ISSUER, audience, typ: 'at+jwt' }).catch(() => null);
      return verified && !revoked.has(token) ? null : 'Bearer error="invalid_token"';
    },
  });
}

let setup: Setup;
const revoked = new Set<string>();
afterEach(() => setup.close());

/** Starts the provider and three APIs, and signs in for all of them. */
async function signedIn({ rotates = true, resource = [API, FILES, MAIL] } = {}) {
  setup = await setUp(() => startOidcProvider('jwt', { resourceIndicators }, {}, { rotateRefreshToken: rotates }), undefined, {
    resource,
    start: async (server) => ({ [FILES]: await startApi(server, FILES, revoked), [MAIL]: await startApi(server, MAIL, revoked), [OTHER]: await startApi(server, OTHER, revoked) }),
  });
  const opened = open();
  await setup.signIn(opened);
  return opened;
}

function open() {
  const { tab, auth } = setup.open();
  return { tab, auth: withApis(auth, { [FILES]: { resource: FILES }, [MAIL]: { resource: MAIL }, [OTHER]: { resource: OTHER } }) };
}

const post = async (auth: AuthClient, ...addresses: readonly string[]) => postAll(addresses.map((address) => [auth, address]));

/** Makes calls at the same time. */
async function postAll(calls: readonly (readonly [AuthClient, string])[]): Promise<number[]> {
  const responses = await setup.world.until(Promise.all(calls.map(([auth, address]) => auth.fetch(address, { method: 'POST', body: 'text' }))));
  return responses.map(({ status }) => status);
}

const ALL = ['/posts', `${FILES}/a`, `${MAIL}/a`];

describe('oidc-provider with resource indicators', () => {
  it.each([true, false])('gives each of three APIs a token of its own, in two tabs over four lifetimes, if it rotates the refresh token: %s', async (rotates) => {
    const tabs = [await signedIn({ rotates }), open()];
    for (let round = 0; round < 4; round++) {
      expect(await postAll(tabs.flatMap(({ auth }) => ALL.map((address) => [auth, address] as const)))).toEqual(Array(6).fill(200));
      await setup.world.sleep(LIFETIME_MS);
    }
    expect(setup.refreshes()).toEqual(Array(2 + 3 * 3).fill(200)); // The first token of the session came with the sign-in.
    expect(tabs.map(({ auth }) => auth.getSnapshot().status)).toEqual(['signedIn', 'signedIn']);
  });

  it('renews the token that one API rejects, and no other', async () => {
    const { auth } = await signedIn();
    for (const address of ALL) expect(await post(auth, address)).toEqual([200]);
    revoked.add(await setup.world.until(auth.getAccessToken({ api: FILES })));
    for (const address of ALL) expect(await post(auth, address)).toEqual([200]);
    expect(setup.refreshes()).toEqual([200, 200, 200]);
  });

  it('detects no reuse while twenty calls to each API need a token at the same time', async () => {
    const { auth } = await signedIn();
    await setup.world.sleep(LIFETIME_MS);
    expect(await post(auth, ...Array.from({ length: 60 }, (_, index) => `${ALL[index % 3]}/${index}`))).toEqual(Array(60).fill(200));
    expect(setup.refreshes()).toEqual([200, 200, 200]);
  });

  it('signs out with all tokens', async () => {
    const { auth } = await signedIn();
    for (const address of ALL) await post(auth, address);
    const refreshToken = String(auth.getSnapshot().tokens?.refreshToken);
    await setup.world.until(auth.signOut());
    await setup.world.advance(1000);
    expect(await setup.present(refreshToken)).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await setup.world.until(rejection(auth.fetch(`${FILES}/a`)))).toMatchObject({ code: 'signed_out' });
  });

  it('refuses an API that the sign-in has not asked for, and the session ends as rotation_lost, because it has rotated the refresh token', async () => {
    const { auth } = await signedIn();
    expect(await setup.world.until(rejection(auth.fetch(`${OTHER}/a`)))).toMatchObject({ code: 'grant_refused', apiCode: 'invalid_target', field: OTHER });
    expect(await post(auth, '/posts')).toEqual([200]);
    await setup.world.sleep(LIFETIME_MS);
    expect(await setup.world.until(rejection(auth.fetch('/posts')))).toMatchObject({ code: 'session_ended', endReason: 'rotation_lost' });
  });

  it('keeps the session if it refuses such an API without rotation', async () => {
    const { auth } = await signedIn({ rotates: false });
    expect(await setup.world.until(rejection(auth.fetch(`${OTHER}/a`)))).toMatchObject({ code: 'grant_refused', apiCode: 'invalid_target' });
    await setup.world.sleep(LIFETIME_MS);
    for (const address of ALL) expect(await post(auth, address)).toEqual([200]);
  });
});
