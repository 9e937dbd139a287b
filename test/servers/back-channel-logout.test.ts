import { SignJWT, generateKeyPair, type JWTPayload } from 'jose';
import type { Sessions } from 'unexpired/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ISSUER } from './support/authorization-server.ts';
import { startOidcProvider, type OidcProvider } from './support/oidc-provider.ts';

const { fetch } = globalThis; // Taken before a test replaces it.

let provider: OidcProvider;
let sessions: Sessions;
let statuses: number[] = [];

beforeEach(async () => {
  provider = await startOidcProvider('jwt');
  statuses = [];
  vi.stubEnv('SESSION_SECRET', 'the secret of a test: 0b7e52d9c1');
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, { dispatcher: _, ...init }: RequestInit & { dispatcher?: unknown } = {}) => {
    const request = new Request(input, init);
    const { origin, pathname } = new URL(request.url);
    if (origin === ISSUER) return fetch(provider.origin + pathname, { headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': new URL(ISSUER).host } });
    const answer = await sessions.handler(request);
    statuses.push(answer.status);
    return answer;
  });
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.resetModules();
  ({ sessions } = await import('./recipes/back-channel-logout.ts'));
});
afterEach(async () => {
  await sessions.close();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await provider.close();
});

/** Signs a user in with an access token whose `sub` names them, and with an ID token whose `sid` names the session of the provider. */
async function signIn(user: string, sid?: string) {
  const idToken = `e30.${Buffer.from(JSON.stringify({ sub: user, sid })).toString('base64url')}.x`;
  const claims = Buffer.from(JSON.stringify({ sub: user })).toString('base64url');
  const { setCookie } = await sessions.signIn({ accessToken: `e30.${claims}.x`, refreshToken: 'a-refresh-token', expiresAt: Date.now() + 600_000, scopes: [], ...(sid && { extra: { id_token: idToken } }) });
  return async () => (await sessions.of({ headers: new Headers({ cookie: setCookie.split(';')[0] ?? '' }) })).snapshot().status;
}

describe('the recipe for back-channel logout', () => {
  // claim: server-back-channel-logout-recipe
  it('ends the sessions of a user whom oidc-provider signs out, and of no other user', async () => {
    const [ada, again, bob] = [await signIn('ada'), await signIn('ada'), await signIn('bob')];
    await provider.signOutUser('ada');
    expect(statuses).toEqual([200]);
    expect([await ada(), await again(), await bob()]).toEqual(['signedOut', 'signedOut', 'signedIn']);
  });

  it.each([
    ['with a signature of another key', { typ: 'logout+jwt' }, {}, false],
    ['for another client', { typ: 'logout+jwt' }, { aud: 'another-app' }, true],
    ['of another issuer', { typ: 'logout+jwt' }, { iss: 'https://evil.example' }, true],
    ['that is old', { typ: 'logout+jwt' }, { iat: 1_700_000_000 }, true],
    ['that names neither user nor session', { typ: 'logout+jwt' }, { sub: undefined }, true],
    ['with a nonce, as an ID token has', { typ: 'logout+jwt' }, { nonce: 'a' }, true],
    ['without the event', { typ: 'logout+jwt' }, { events: {} }, true],
    ['of another type', { typ: 'JWT' }, {}, true],
  ])('refuses a token %s', async (_, header, changes, isOfIssuer) => {
    const key = isOfIssuer ? await provider.signingKey() : (await generateKeyPair('RS256')).privateKey;
    const ada = await signIn('ada');
    const iat = Math.floor(Date.now() / 1000);
    const claims = { iss: ISSUER, aud: 'my-app', sub: 'ada', jti: 'an-id', iat, exp: iat + 120, events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, ...changes };
    const body = new URLSearchParams({ logout_token: await new SignJWT(claims as JWTPayload).setProtectedHeader({ alg: 'RS256', ...header }).sign(key) });
    const answer = await sessions.handler(new Request('https://app.example.com/auth/back-channel-logout', { method: 'POST', body }));
    expect([answer.status, await ada()]).toEqual([400, 'signedIn']);
  });

  // claim: server-back-channel-logout-sid-recipe
  it.each([
    ['a token with `sid` only', { sid: 'one' }],
    ['a token with `sid` and `sub`', { sid: 'one', sub: 'ada' }],
  ])('ends one session of the provider by %s', async (_, names) => {
    const [ada, again, bob] = [await signIn('ada', 'one'), await signIn('ada', 'two'), await signIn('bob', 'three')];
    const iat = Math.floor(Date.now() / 1000);
    const claims = { iss: ISSUER, aud: 'my-app', jti: 'an-id', iat, exp: iat + 120, events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, ...names };
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'logout+jwt' }).sign(await provider.signingKey());
    const answer = await sessions.handler(new Request('https://app.example.com/auth/back-channel-logout', { method: 'POST', body: new URLSearchParams({ logout_token: token }) }));
    expect([answer.status, await ada(), await again(), await bob()]).toEqual([200, 'signedOut', 'signedIn', 'signedIn']);
  });

  it('accepts such a token if nothing of it is changed', async () => {
    const ada = await signIn('ada');
    const iat = Math.floor(Date.now() / 1000);
    const claims = { iss: ISSUER, aud: 'my-app', sub: 'ada', jti: 'an-id', iat, exp: iat + 120, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } };
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'logout+jwt' }).sign(await provider.signingKey());
    const answer = await sessions.handler(new Request('https://app.example.com/auth/back-channel-logout', { method: 'POST', body: new URLSearchParams({ logout_token: token }) }));
    expect([answer.status, await ada()]).toEqual([200, 'signedOut']);
  });
});
