import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { browserPlatform, createAuthClient, memory } from 'unexpired/core';
import { bonfire } from 'unexpired/bonfire';
import { afterEach, describe, expect, it } from 'vitest';
import { rejection } from '../support/setup.ts';

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((closed) => server.close(closed))));
});

/** Starts a server on a port of its own, so it has an origin of its own. */
async function serve(answer: (request: IncomingMessage) => [status: number, headers: Record<string, string>]): Promise<{ origin: string; received: IncomingMessage[] }> {
  const received: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    received.push(request);
    request.resume();
    response.writeHead(...answer(request)).end('{}');
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

const tokens = { accessToken: 'the-access-token', refreshToken: 'the-refresh-token', expiresAt: null, scopes: [] };

function open(origin: string) {
  const platform = { ...browserPlatform(), locks: null, openChannel: null };
  return createAuthClient({ protocol: bonfire({ baseUrl: `${origin}/v1`, appKey: 'app-key' }), storage: memory(), platform });
}

describe('a redirect to another origin', () => {
  // claim: no-refresh-token-in-a-redirect
  it('never carries the refresh token', async () => {
    const other = await serve(() => [200, {}]);
    const api = await serve(() => [307, { location: `${other.origin}/v1/oauth` }]);
    const auth = open(api.origin);
    await auth.signIn(tokens);
    const failed = new Promise<void>((resolve) => auth.subscribe(() => auth.getSnapshot().refresh.error && resolve()));
    const refreshed = rejection(auth.refresh());
    await failed;
    expect([api.received.length, other.received.length]).toEqual([1, 0]);
    auth.dispose();
    expect(await refreshed).toMatchObject({ code: 'disposed' });
  });

  // claim: no-access-token-in-a-redirect
  it('never carries the access token of a call that follows it', async () => {
    const other = await serve(() => [200, {}]);
    const api = await serve(() => [302, { location: `${other.origin}/v1/posts` }]);
    const auth = open(api.origin);
    await auth.signIn(tokens);
    expect((await auth.fetch('/posts')).status).toBe(200);
    expect(other.received.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    expect(api.received[0]?.headers.authorization).toBe('Bearer the-access-token');
    auth.dispose();
  });
});
