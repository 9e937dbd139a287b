import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { browserPlatform, createAuthClient, defineProtocol, memory, type ProtocolDefinition, type TokenHeader } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rejection } from '../support/setup.ts';

const TOKEN_HEADER: TokenHeader = { name: 'X-Access-Token', value: (accessToken) => accessToken };

/** Starts an API over HTTP that accepts `good` in a header, or redirects to an address. */
async function serve(header: string, redirect: string | null = null) {
  const received: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/renew') return void response.end('{}');
    received.push(request.headers);
    if (redirect !== null) return void response.writeHead(307, { location: redirect }).end();
    response.writeHead(String(request.headers[header]).endsWith('good') ? 200 : 401).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

async function open(origin: string, own: Partial<ProtocolDefinition>, accessToken = 'revoked') {
  const protocol = defineProtocol({
    name: 'own',
    baseUrl: origin,
    refreshRequest: () => ({ url: `${origin}/renew`, method: 'POST', headers: {} }),
    readRefresh: (_, previous) => ({ kind: 'granted', tokens: { ...previous, accessToken: 'good' } }),
    isRejection: ({ status }) => status === 401,
    ...own,
  });
  const auth = createAuthClient({ protocol, storage: memory(), platform: { ...browserPlatform(), warn: () => undefined } });
  onTestFinished(auth.dispose);
  await auth.signIn({ accessToken, refreshToken: 'first', expiresAt: null, scopes: [] });
  return auth;
}

describe('a protocol with a token header of its own', () => {
  it.each<[string, TokenHeader, string[]]>([
    ['another name', TOKEN_HEADER, ['revoked', 'good']],
    ['another scheme', { name: 'Authorization', value: (accessToken) => `Token ${accessToken}` }, ['Token revoked', 'Token good']],
  ])('sends it in both sends, and no other one (%s)', async (_, tokenHeader, values) => {
    const header = tokenHeader.name.toLowerCase();
    const inputs: [string, RequestInit?][] = [['/posts'], ['/posts', { method: 'POST', body: 'text', headers: { 'X-Own': '1' } }], ['/posts', { method: 'POST', body: new Uint8Array(4) }]];
    for (const input of inputs) {
      const { origin, received } = await serve(header);
      const auth = await open(origin, { tokenHeader });
      expect((await auth.fetch(...input)).status).toBe(200);
      expect(received.map((headers) => headers[header])).toEqual(values);
      if (header !== 'authorization') expect(received.map(({ authorization }) => authorization)).toEqual([undefined, undefined]);
    }
  });

  it('is sent through interceptors, too', async () => {
    const { origin, received } = await serve('x-access-token');
    const auth = await open(origin, { tokenHeader: TOKEN_HEADER });
    auth.intercept((request, next) => next(request));
    auth.intercept({ interceptor: (request, next) => next(request), scope: 'send' });
    expect((await auth.fetch('/posts')).status).toBe(200);
    expect(received.map((headers) => headers['x-access-token'])).toEqual(['revoked', 'good']);
  });

  it('leaves a call alone that has this header, and adds it to one that has an Authorization', async () => {
    const { origin, received } = await serve('x-access-token');
    const auth = await open(origin, { tokenHeader: TOKEN_HEADER }, 'good');
    await auth.fetch('/posts', { headers: { 'x-access-token': 'own' } });
    await auth.fetch('/posts', { headers: { authorization: 'Basic own' } });
    expect(received.map((headers) => [headers['x-access-token'], headers.authorization])).toEqual([['own', undefined], ['good', 'Basic own']]);
  });

  it('puts the anonymous value into the same header', async () => {
    const { origin, received } = await serve('x-access-token');
    const auth = await open(origin, { tokenHeader: TOKEN_HEADER, anonymousAuthorization: () => 'app-good' });
    await auth.signOut();
    expect((await auth.fetch('/posts')).status).toBe(200);
    expect(received[0]?.['x-access-token']).toBe('app-good');
  });

  // claim: no-other-token-header-in-a-redirect
  it('follows no redirect, because browsers remove only Authorization at another origin', async () => {
    const other = await serve('x-access-token');
    const { origin } = await serve('x-access-token', `${other.origin}/posts`);
    const auth = await open(origin, { tokenHeader: TOKEN_HEADER }, 'good');
    const calls: (readonly [RequestInfo, RequestInit?])[] = [['/posts'], ['/posts', { redirect: 'follow' }], [new Request(`${origin}/posts`, { method: 'POST', body: 'text' })]];
    for (const call of calls) expect(await rejection(auth.fetch(...call))).toBeInstanceOf(TypeError);
    expect(other.received).toEqual([]);
    expect((await auth.fetch('/posts', { redirect: 'manual' })).status).toBe(307);
  });

  it('keeps the other members of the call, the policy for the referrer of a Request included', async () => {
    const { origin } = await serve('x-access-token');
    const sent: Request[] = [];
    const auth = await open(origin, { tokenHeader: TOKEN_HEADER }, 'good');
    auth.intercept({ scope: 'send', interceptor: (request, next) => (sent.push(request), next(request)) });
    const init: RequestInit = { method: 'POST', body: 'text', referrerPolicy: 'origin', credentials: 'omit' };
    await auth.fetch('/posts', init);
    await auth.fetch(new Request(`${origin}/posts`, init));
    const seen = sent.map(({ method, referrerPolicy, credentials, redirect }) => ({ method, referrerPolicy, credentials, redirect }));
    const expected = { method: 'POST', referrerPolicy: 'origin', credentials: 'omit', redirect: 'error' };
    expect(seen).toEqual([expected, expected]);
  });

  it('goes to no origin that may not get the token', async () => {
    const { origin } = await serve('x-access-token');
    const auth = await open(origin, { tokenHeader: TOKEN_HEADER });
    expect(await rejection(auth.fetch('https://evil.test/posts'))).toMatchObject({ code: 'origin_not_allowed' });
  });

  it('can be added to a profile', async () => {
    const { origin, received } = await serve('x-access-token');
    const protocol = { ...oauth2({ tokenEndpoint: `${origin}/renew`, clientId: 'app', resourceOrigins: [origin] }), tokenHeader: TOKEN_HEADER };
    const auth = await open(origin, protocol, 'good');
    await auth.fetch('/posts');
    expect(received[0]?.['x-access-token']).toBe('good');
  });

  it.each<unknown>([null, 'X-Token', { name: 'X-Token' }, { value: String }, { name: 'X Token', value: String }])('is refused by defineProtocol if it is incomplete (%j)', async (tokenHeader) => {
    await expect(open('https://api.example.com', { tokenHeader: tokenHeader as unknown as TokenHeader })).rejects.toMatchObject({ code: 'invalid_config', field: 'tokenHeader' });
  });
});
