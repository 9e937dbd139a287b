import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bonfire } from 'unexpired/bonfire';
import { browserPlatform, createAuthClient, memory, type Protocol, type TokenSet } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rejection } from '../support/setup.ts';

const OAUTH2 = (origin: string): Protocol => oauth2({ tokenEndpoint: `${origin}/v1/oauth`, clientId: 'app', resourceOrigins: [origin] });
const BONFIRE = (origin: string): Protocol => bonfire({ baseUrl: `${origin}/v1`, appKey: 'app-key' });
const HOUR_MS = 3_600_000;

/** Starts an API with public content over HTTP, and a client of it. The API accepts `good` and calls without a token. */
async function open(protocolAt: (origin: string) => Protocol, tokens: Partial<TokenSet> | null, refreshed: [status: number, body: object] = [503, {}]) {
  const received: (string | undefined)[] = [];
  let isHanging = false;
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/v1/oauth') {
      if (isHanging) return;
      return void response.writeHead(refreshed[0], { 'content-type': 'application/json' }).end(JSON.stringify(refreshed[1]));
    }
    const { authorization } = request.headers;
    received.push('authorization' in request.headers ? authorization : 'none');
    const isRejected = authorization === 'Bearer revoked';
    response.writeHead(isRejected ? 401 : 200, { 'www-authenticate': 'Bearer error="invalid_token"' }).end(isRejected ? '{"error":{"code":450}}' : 'content');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const auth = createAuthClient({ protocol: protocolAt(origin), storage: memory(), platform: { ...browserPlatform(), warn: () => undefined } });
  onTestFinished(() => {
    auth.dispose();
    server.closeAllConnections();
    server.close();
  });
  if (tokens) await auth.signIn({ accessToken: 'good', refreshToken: 'first', expiresAt: Date.now() + HOUR_MS, scopes: [], ...tokens });
  return { auth, publicFetch: auth.fetchWith([], { session: 'optional' }), received, hang: () => void (isHanging = true) };
}

const EXPIRED = { expiresAt: Date.now() - HOUR_MS };
const INVALID = [400, { error: 'invalid_grant' }] as [number, object];

describe('a call whose session is optional', () => {
  it.each<[string, Partial<TokenSet> | null, [number, object] | undefined, string[]]>([
    ['has the token if there is one', {}, undefined, ['Bearer good']],
    ['has no such header while no user is signed in', null, undefined, ['none']],
    ['has no such header while the token has expired and the refresh fails', EXPIRED, undefined, ['none']],
    ['has no such header after the refresh has ended the session', EXPIRED, INVALID, ['none']],
    ['has the refreshed token', EXPIRED, [200, { access_token: 'good', token_type: 'Bearer', expires_in: 3600 }], ['Bearer good']],
    ['is sent again without the header if its token was rejected and the refresh fails', { accessToken: 'revoked' }, undefined, ['Bearer revoked', 'none']],
    ['is sent again without the header if its rejection has ended the session', { accessToken: 'revoked' }, INVALID, ['Bearer revoked', 'none']],
    ['is sent again with the refreshed token', { accessToken: 'revoked' }, [200, { access_token: 'good', token_type: 'Bearer', expires_in: 3600 }], ['Bearer revoked', 'Bearer good']],
  ])('%s', async (_, tokens, refreshed, sent) => {
    for (const init of [undefined, { method: 'POST', body: 'text' }, { method: 'POST', body: new Uint8Array(4) }]) {
      const { publicFetch, received } = await open(OAUTH2, tokens, refreshed);
      const response = await publicFetch('/v1/posts', init);
      expect([response.status, await response.text(), received]).toEqual([200, 'content', sent]);
    }
  });

  it('has the anonymous value of the protocol if there is one for its method', async () => {
    const { publicFetch, received } = await open(BONFIRE, null);
    await publicFetch('/posts');
    await publicFetch('/posts', { method: 'POST', body: 'text' });
    expect(received).toEqual(['Bearer app-key', 'none']);
  });

  it('passes the interceptors of both scopes', async () => {
    const { auth, received } = await open(OAUTH2, null);
    const seen: string[] = [];
    const entries = (['call', 'send'] as const).map((scope) => ({ scope, interceptor: (request: Request, next: (request: Request) => Promise<Response>) => (seen.push(scope), next(request)) }));
    expect((await auth.fetchWith(entries, { session: 'optional' })('/v1/posts')).status).toBe(200);
    expect([seen, received]).toEqual([['call', 'send'], ['none']]);
  });

  it('rejects if another user signs in while it waits, because it was made for the first one', async () => {
    const { auth, publicFetch, received, hang } = await open(OAUTH2, EXPIRED);
    hang();
    const call = rejection(publicFetch('/v1/posts'));
    await auth.signIn({ accessToken: 'good', refreshToken: 'other', expiresAt: Date.now() + HOUR_MS, scopes: [] });
    expect(await call).toMatchObject({ code: 'session_changed' });
    expect(received).toEqual([]);
  });

  it('rejects with the reason of its signal, and when the client is disposed of', async () => {
    const { auth, publicFetch, received, hang } = await open(OAUTH2, EXPIRED);
    hang();
    const controller = new AbortController();
    const aborted = rejection(publicFetch('/v1/posts', { signal: controller.signal }));
    const disposed = rejection(publicFetch('/v1/posts'));
    controller.abort('enough');
    expect(await aborted).toBe('enough');
    auth.dispose();
    expect(await disposed).toMatchObject({ code: 'disposed' });
    expect(received).toEqual([]);
  });
});

describe('a call whose session is required', () => {
  it.each([['signed_out', null, undefined], ['session_ended', EXPIRED, INVALID]] as const)('rejects with %s as before', async (code, tokens, refreshed) => {
    const { auth, received } = await open(OAUTH2, tokens, refreshed && [...refreshed]);
    for (const send of [auth.fetch, auth.fetchWith([]), auth.fetchWith([], { session: 'required' })]) {
      const error = await rejection(send('/v1/posts'));
      expect(['signed_out', code]).toContain((error as { code: string }).code);
    }
    expect(received).toEqual([]);
  });
});
