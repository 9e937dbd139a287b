import { createServer } from 'node:http';
import * as oauth from 'oauth4webapi';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listen, type Listening } from '../browsers/server/listening.ts';
import { API, APP, CLIENT_ID, ISSUER, PATHS, REDIRECT_URI, type AuthorizationServer } from './support/authorization-server.ts';
import { createNetwork, type Network } from './support/network.ts';
import { startOidcProvider } from './support/oidc-provider.ts';

const { fetch } = globalThis; // Taken before a test replaces it.

let server: AuthorizationServer;
let api: Listening;
let network: Network;
let refreshes = 0;
let revoked = 0;

beforeEach(async () => {
  server = await startOidcProvider('jwt');
  api = await listen(createServer((request, response) => void serve(request.headers.authorization).then(({ status, headers, body }) => response.writeHead(status, headers).end(body))));
  network = createNetwork({ [ISSUER]: server.origin, [API]: api.origin }, () => performance.timeOrigin + performance.now());
  refreshes = revoked = 0;
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    const { origin, pathname, search } = new URL(request.url);
    const [headers, body] = [new Headers(request.headers), await request.text()];
    if (pathname === PATHS.revocation) revoked++;
    if (body.includes('grant_type=refresh_token')) refreshes++;
    headers.set('x-forwarded-proto', 'https'); // A proxy ends TLS.
    headers.set('x-forwarded-host', new URL(origin).host);
    return fetch(`${origin === ISSUER ? server.origin : api.origin}${pathname}${search}`, { method: request.method, headers, body: body || null });
  });
  vi.stubEnv('SESSION_SECRET', 'the secret of a test: 0b7e52d9c1');
  vi.resetModules();
});
afterEach(async () => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.useRealTimers();
  await Promise.all([server.close(), api.close()]);
});

async function serve(authorization: string | undefined) {
  const challenge = await server.challenge(authorization);
  return challenge ? { status: 401, headers: { 'www-authenticate': challenge }, body: '' } : { status: 200, headers: {}, body: '["a post"]' };
}

const cookieOf = (answer: Response, name: string) => answer.headers.getSetCookie().find((text) => text.startsWith(`${name}=`))?.split(';')[0] ?? '';
const requestOf = (path: string, cookie: string, init: RequestInit = {}) => new Request(APP + path, { ...init, headers: { cookie, 'sec-fetch-site': 'same-origin', 'x-csrf': '1' } });

describe('the app of the page "Sessions on a server"', () => {
  it('signs a user in, answers with a token that was revoked, and signs out', async () => {
    const { answer } = await import('./recipes/server-app.ts');
    const verifier = oauth.generateRandomCodeVerifier();
    const pkce = { code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
    const asked = { client_id: CLIENT_ID, redirect_uri: REDIRECT_URI, response_type: 'code', scope: 'openid offline_access', prompt: 'consent' };
    const back = new URL(await network.navigate(`${ISSUER}${PATHS.authorization}?${new URLSearchParams({ ...asked, ...pkce })}`));
    const body = JSON.stringify({ code: back.searchParams.get('code'), verifier });

    expect((await answer(requestOf('/posts', ''))).status).toBe(401);
    const signedIn = await answer(requestOf('/auth/sign-in', '', { method: 'POST', body }));
    expect([signedIn.status, await signedIn.json()]).toEqual([200, expect.objectContaining({ status: 'signedIn', subject: 'ada' })]);
    const cookie = cookieOf(signedIn, '__Host-session');
    await server.revokeAccessTokens();
    const posts = await answer(requestOf('/posts', cookie));
    expect([posts.status, await posts.json(), refreshes]).toEqual([200, ['a post'], 1]);
    await answer(requestOf('/auth/sign-out', cookie, { method: 'POST' }));
    expect((await answer(requestOf('/posts', cookie))).status).toBe(401);

    const refused = await answer(requestOf('/auth/sign-in', '', { method: 'POST', body }));
    expect([refused.status, await refused.json()]).toEqual([401, { error: 'grant_refused' }]);
    expect((await answer(requestOf('/auth/sign-in', '', { method: 'POST', body: 'no JSON' }))).status).toBe(401);
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
    const unavailable = await answer(requestOf('/auth/sign-in', '', { method: 'POST', body }));
    expect([unavailable.status, unavailable.headers.get('retry-after')]).toEqual([503, '1']);
  });
});

describe('the sign-in by redirect of the page "Sessions on a server"', () => {
  // claim: server-sign-in-by-code
  it('leads a user to the provider and back, and sets the cookie of the session', async () => {
    const [{ leaveToSignIn, returnSignedIn }, { sessions }] = await Promise.all([import('./recipes/sign-in-on-a-server.ts'), import('./recipes/sessions.ts')]);
    const leave = await leaveToSignIn();
    const flow = cookieOf(leave, '__Host-sign-in');
    const back = await network.navigate(leave.headers.get('location') ?? '');
    const returned = await returnSignedIn(new Request(back, { headers: { cookie: flow } }));
    expect(cookieOf(returned, '__Host-sign-in')).toBe('__Host-sign-in=');
    const session = await sessions.of(requestOf('/', cookieOf(returned, '__Host-session')));
    expect(session.snapshot()).toMatchObject({ status: 'signedIn', subject: 'ada' });
    await session.signOut();
    await sessions.close();
    expect(revoked).toBe(1);
  });

  // claim: server-forged-callback-refused
  it('refuses a redirect that another browser has started', async () => {
    const { leaveToSignIn, returnSignedIn } = await import('./recipes/sign-in-on-a-server.ts');
    const [mine, theirs] = [await leaveToSignIn(), await leaveToSignIn()];
    const back = await network.navigate(theirs.headers.get('location') ?? '');
    for (const cookie of [cookieOf(mine, '__Host-sign-in'), '']) await expect(returnSignedIn(new Request(back, { headers: { cookie } }))).rejects.toThrow(/state/);
  });
});
