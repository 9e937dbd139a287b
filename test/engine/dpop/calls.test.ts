import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDpopServer, ORIGIN, type DpopServer } from '../../support/dpop-server.ts';

let server: DpopServer;
beforeEach(() => {
  server = createDpopServer();
});
afterEach(() => vi.restoreAllMocks());

const until = <T>(promise: Promise<T>) => server.world.until(promise);

describe('a call with a bound token', () => {
  // claim: proof-of-a-call
  it('carries the token with the scheme DPoP, and a proof for its address, method and token', async () => {
    const { auth } = await server.openSignedIn();
    const response = await until(auth.fetch('/posts?page=2#top', { method: 'POST', body: 'hello' }));
    expect(await response.json()).toEqual({ user: 'ada', body: 'hello' });
    const sent = server.requests.at(-1);
    expect(sent).toMatchObject({ authorization: 'DPoP access-1', claims: { htm: 'POST', htu: `${ORIGIN}/posts`, iat: server.world.now() / 1000 | 0 } });
    expect(sent?.jkt).toBe(auth.getSnapshot().tokens?.extra?.['dpop_jkt']);
  });

  it('carries another proof each time', async () => {
    const { auth } = await server.openSignedIn();
    for (let call = 0; call < 5; call++) await until(auth.fetch('/posts'));
    const ids = server.requests.map(({ claims }) => claims['jti']);
    expect(new Set(ids).size).toBe(6);
  });

  it('that the API rejects costs one refresh and one replay, with proofs of the same key', async () => {
    const { auth } = await server.openSignedIn();
    await server.world.sleep(59_000);
    server.world.latencyMs = 2000; // The token expires on its way.
    expect((await until(auth.fetch('/posts', { method: 'PUT', body: 'kept' }))).status).toBe(200);
    expect(server.answers('/posts').at(-1)).toBe(200);
    expect(new Set(server.requests.map(({ jkt }) => jkt)).size).toBe(1);
    expect(server.requests.at(-1)).toMatchObject({ body: 'kept', authorization: 'DPoP access-2' });
  });

  // claim: proof-with-the-time-of-the-server
  it.each([-86_400_000, 86_400_000])('has the time of the server if the device clock is %i ms off', async (skewMs) => {
    server.world.skewMs = skewMs;
    const { auth } = await server.openSignedIn();
    expect((await until(auth.fetch('/posts'))).status).toBe(200);
    expect(server.answers('/oauth/token')).toEqual([400, 200]);
    expect(server.answers('/posts')).toEqual([200]);
  });

  it('passes interceptors, which may change its address', async () => {
    const { auth } = await server.openSignedIn();
    const fetch = auth.fetchWith([{ scope: 'send', interceptor: (request, next) => next(new Request(`${request.url}/latest`, request)) }]);
    expect((await until(fetch('/posts'))).status).toBe(200);
    expect(server.requests.at(-1)?.claims['htu']).toBe(`${ORIGIN}/posts/latest`);
  });

  // claim: no-proof-for-a-foreign-origin
  it('to a foreign origin is refused, and no proof is made', async () => {
    const { auth } = await server.openSignedIn();
    await expect(auth.fetch('https://evil.example.com/posts')).rejects.toMatchObject({ code: 'origin_not_allowed' });
    expect(server.requests).toHaveLength(1);
  });

  it('has no token and no key in a proof', async () => {
    const { auth } = await server.openSignedIn();
    await until(auth.fetch('/posts'));
    for (const { proof } of server.requests) {
      const [header = '', claims = ''] = (proof ?? '').split('.').map((part) => Buffer.from(part, 'base64url').toString());
      expect(Object.keys((JSON.parse(header) as { jwk: object }).jwk).sort()).toEqual(['crv', 'kty', 'x', 'y']);
      expect(claims).not.toMatch(/access-|refresh-/);
    }
  });
});

describe('a request for another nonce', () => {
  beforeEach(() => Object.assign(server.nonces, { token: 'token-1', api: 'api-1' }));

  it('is answered with one more request of each side, and costs no refresh', async () => {
    const { auth } = await server.openSignedIn();
    await until(auth.fetch('/posts', { method: 'POST', body: 'kept' }));
    await until(auth.fetch('/posts'));
    expect([server.answers('/oauth/token'), server.answers('/posts')]).toEqual([[400, 200], [401, 200, 200]]);
    expect(server.requests.filter(({ url }) => url.endsWith('/posts')).map(({ body }) => body)).toEqual(['kept', 'kept', '']);
  });

  it('is not needed if an answer brings the next nonce', async () => {
    const { auth } = await server.openSignedIn();
    await until(auth.fetch('/posts'));
    server.requests.length = 0;
    for (let next = 2; next < 5; next++) {
      const sent = auth.fetch('/posts');
      await until(sent);
      server.nonces.api = `api-${next}`; // The answer after this one brings it by a challenge.
      await until(auth.fetch('/posts'));
    }
    expect(server.answers('/posts')).toEqual([200, 401, 200, 200, 401, 200, 200, 401, 200]);
  });

  it('does not count as one of the two sends of a call', async () => {
    const { auth } = await server.openSignedIn();
    await server.world.sleep(59_000);
    server.world.latencyMs = 2000;
    expect((await until(auth.fetch('/posts'))).status).toBe(200);
  });

  it.each([
    ['a Request', (): [RequestInfo, RequestInit?] => [new Request(`${ORIGIN}/posts`, { method: 'POST', body: 'kept' })]],
    ['a form', (): [RequestInfo, RequestInit?] => ['/posts', { method: 'POST', body: new URLSearchParams({ kept: '' }) }]],
    ['bytes', (): [RequestInfo, RequestInit?] => ['/posts', { method: 'POST', body: new TextEncoder().encode('kept') }]],
  ])('sends the body of %s again', async (_, argumentsOf) => {
    const { auth } = await server.openSignedIn();
    expect((await until(auth.fetch(...argumentsOf()))).status).toBe(200);
    expect(server.requests.slice(-2).map(({ body }) => body.replace('=', ''))).toEqual(['kept', 'kept']);
  });

  it('gives the answer to the caller if the body is a stream, and the next call has the nonce', async () => {
    const { auth } = await server.openSignedIn();
    const body = new Blob(['once']).stream();
    expect((await until(auth.fetch('/posts', { method: 'POST', body, duplex: 'half' } as RequestInit))).status).toBe(401);
    expect((await until(auth.fetch('/posts'))).status).toBe(200);
    expect(server.answers('/oauth/token')).toEqual([400, 200]);
  });

  it('is recognised by the new nonce if the page cannot read `WWW-Authenticate`', async () => {
    const { platform } = server.world.openTab();
    const hiding = {
      ...platform,
      async fetch(...input: Parameters<typeof platform.fetch>) {
        const { body, status, headers } = await platform.fetch(...input);
        return new Response(body, { status, headers: [...headers].filter(([name]) => name !== 'www-authenticate') });
      },
    };
    const { auth } = server.open({ platform: hiding });
    await server.signIn(auth);
    expect((await until(auth.fetch('/posts'))).status).toBe(200);
    expect(server.answers('/posts')).toEqual([401, 200]);
  });

  it('whose header the page cannot read is explained in development', async () => {
    const { platform, warnings } = server.world.openTab();
    const hiding = {
      ...platform,
      async fetch(...input: Parameters<typeof platform.fetch>) {
        const { body, status, headers } = await platform.fetch(...input);
        return new Response(body, { status, headers: [...headers].filter(([name]) => name !== 'dpop-nonce') });
      },
    };
    server.nonces.token = null;
    const { auth } = server.open({ platform: hiding });
    await server.signIn(auth);
    expect((await until(auth.fetch('/posts'))).status).toBe(401);
    expect(warnings).toEqual([expect.stringMatching(/^unexpired: https:\/\/api\.example\.com asked for a DPoP nonce.*Access-Control-Expose-Headers: DPoP-Nonce/)]);
  });

  it('is no reason to send a call again whose token was rejected', async () => {
    const { auth } = await server.openSignedIn();
    await until(auth.fetch('/posts'));
    await server.world.sleep(59_500);
    server.world.latencyMs = 1000;
    server.nonces.api = 'api-2';
    expect((await until(auth.fetch('/posts'))).status).toBe(200);
    // Rejected, then replayed with the new token and the nonce that the rejection has brought.
    expect(server.answers('/posts').slice(2)).toEqual([401, 200]);
  });

  it('is given up after one more request if the server asks for yet another nonce', async () => {
    const { auth } = await server.openSignedIn();
    let asked = 0;
    Object.defineProperty(server.nonces, 'api', { get: () => `api-${++asked}` });
    expect((await until(auth.fetch('/posts'))).status).toBe(401);
    expect(server.answers('/posts')).toEqual([401, 401]);
    expect(server.answers('/oauth/token')).toEqual([400, 200]);
  });
});
