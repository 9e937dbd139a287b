import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bonfire } from 'unexpired/bonfire';
import { browserPlatform, createAuthClient, memory, type Protocol } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSetup } from '../support/setup.ts';

const REJECTION = '{"error":{"code":450}}';
const TOKENS = JSON.stringify({ access_token: 'good', refresh_token: 'next', data: { attributes: { access_token: 'good', refresh_token: 'next' } } });
const HEADERS = { 'content-type': 'application/json' };

const PROTOCOLS: [string, (origin: string) => Protocol][] = [
  ['bonfire', (origin) => bonfire({ baseUrl: `${origin}/v1`, appKey: 'app-key' })],
  ['oauth2', (origin) => oauth2({ tokenEndpoint: `${origin}/v1/oauth`, clientId: 'app', resourceOrigins: [origin] })],
  ['oauth2 with an isRejection that reads the body', (origin) => oauth2({ tokenEndpoint: `${origin}/v1/oauth`, clientId: 'app', resourceOrigins: [origin], isRejection: ({ body }) => body === REJECTION })],
];

/** Starts an API over HTTP that rejects `revoked`, and a client with that token. */
async function open(protocolAt: (origin: string) => Protocol, challenge: string | null, { isAccepted = (token: string | undefined): boolean => token === 'Bearer good', body = REJECTION, withRefreshToken = true } = {}) {
  const statuses: number[] = [];
  let refreshes = 0;
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/v1/oauth') {
      refreshes += 1;
      return void response.writeHead(200, HEADERS).end(TOKENS);
    }
    const status = isAccepted(request.headers.authorization) ? 200 : 401;
    statuses.push(status);
    response.writeHead(status, { ...HEADERS, ...(status === 401 && challenge !== null ? { 'www-authenticate': challenge } : {}) }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let aheadMs = 0;
  const now = () => ({ wall: Date.now() + aheadMs, monotonic: performance.now() + aheadMs });
  const auth = createAuthClient({ protocol: protocolAt(origin), storage: memory(), platform: { ...browserPlatform(), now, warn: () => undefined } });
  onTestFinished(() => {
    auth.dispose();
    server.closeAllConnections();
    server.close();
  });
  await auth.signIn({ accessToken: 'revoked', ...(withRefreshToken ? { refreshToken: 'first' } : {}), expiresAt: null, scopes: [] });
  return { auth, statuses, refreshes: () => refreshes, passTime: (ms: number) => void (aheadMs += ms) };
}

describe('a HEAD request with a rejected token', () => {
  it.each(PROTOCOLS)('costs one refresh and is replayed, although its answer has no body (%s)', async (name, protocolAt) => {
    const { auth, statuses, refreshes } = await open(protocolAt, name === 'oauth2' ? 'Bearer error="invalid_token"' : null);
    expect((await auth.fetch('/posts', { method: 'HEAD' })).status).toBe(200);
    expect([statuses, refreshes()]).toEqual([[401, 200], 1]);
  });

  it('costs one refresh in 30 s if the endpoint answers 401 to each token', async () => {
    const { auth, refreshes, passTime } = await open(PROTOCOLS[0]![1], null, { isAccepted: () => false });
    for (let call = 0; call < 5; call++) expect((await auth.fetch('/posts', { method: 'HEAD' })).status).toBe(401);
    expect(refreshes()).toBe(1);
    passTime(30_001);
    await auth.fetch('/posts', { method: 'HEAD' });
    expect(refreshes()).toBe(2);
  });

  it('costs no refresh if the protocol reads a header, and the header names another problem', async () => {
    const { auth, statuses, refreshes } = await open(PROTOCOLS[1]![1], 'Bearer error="insufficient_scope"');
    expect((await auth.fetch('/posts', { method: 'HEAD' })).status).toBe(401);
    expect([statuses, refreshes()]).toEqual([[401], 0]);
  });

  it('does not end a session without a refresh token, because the status is no proof', async () => {
    const { auth } = await open(PROTOCOLS[0]![1], null, { withRefreshToken: false });
    expect((await auth.fetch('/posts', { method: 'HEAD' })).status).toBe(401);
    expect(auth.getSnapshot().status).toBe('signedIn');
    expect(await auth.fetch('/posts').catch((error: unknown) => error)).toMatchObject({ code: 'session_ended' });
  });

  it('is replayed with the embedded API, too', async () => {
    const setup = createSetup();
    const { auth } = await setup.openSignedIn();
    setup.api.revokeAccessTokens();
    expect((await setup.world.until(auth.fetch('/users/me', { method: 'HEAD' }))).status).toBe(200);
    expect(setup.answers('refresh')).toEqual([200]);
  });
});

it('a GET costs no refresh if the body of its 401 says that the token is fine', async () => {
  const { auth, statuses, refreshes } = await open(PROTOCOLS[0]![1], null, { body: '{"error":{"code":420}}' });
  expect((await auth.fetch('/posts')).status).toBe(401);
  expect([statuses, refreshes()]).toEqual([[401], 0]);
});
