import { setupServer } from 'msw/node';
import { createAuthClient, inCookie, memory, type AuthClient } from 'unexpired/core';
import { bonfire, createBotTokens } from 'unexpired/bonfire';
import { createBonfireApi, type BonfireApi } from 'unexpired/testing';
import { bonfireHandlers } from 'unexpired/testing/msw';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';

const BASE_URL = 'https://api.bonfire.camp/v1';
const protocol = bonfire({ baseUrl: BASE_URL, appKey: 'app-key' });
const server = setupServer();
let api: BonfireApi;
let auth: AuthClient;

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
beforeEach(async () => {
  api = createBonfireApi();
  server.use(...bonfireHandlers(api, `${BASE_URL}/`)); // Like `bonfire`, it takes the base URL with or without a slash.
  auth = createAuthClient({ protocol, storage: memory() });
  await auth.signIn(createBotTokens(protocol, ['ember']));
});
afterEach(() => {
  auth.dispose();
  api.clearFaults();
  server.resetHandlers();
});
afterAll(() => server.close());

it('bonfireHandlers answers the requests of an app with the embedded API', async () => {
  const posted = await auth.fetch('/users/me/posts', { method: 'POST', body: new URLSearchParams({ text: 'hello' }) });
  expect(posted.status).toBe(201);
  const { data } = (await (await auth.fetch('/posts')).json()) as { data: unknown[] };
  expect(data).toHaveLength(1);
});

it('bonfireHandlers lets a test revoke a token, and the call succeeds after one refresh', async () => {
  api.revokeAccessTokens();
  expect((await auth.fetch('/users/me')).status).toBe(200);
  expect(api.counts).toMatchObject({ refreshes: 1, rejections: 1 });
});

it('bonfireHandlers breaks a connection as a network does', async () => {
  api.addFault({ kind: 'dropBefore', endpoint: 'me', times: 1 });
  await expect(auth.fetch('/users/me')).rejects.toThrow(TypeError);
  expect((await auth.fetch('/users/me')).status).toBe(200);
});

it('bonfireHandlers passes an abort on while an answer hangs', async () => {
  api.addFault({ kind: 'hang', endpoint: 'me' });
  const caller = new AbortController();
  const answer = auth.fetch('/users/me', { signal: caller.signal });
  caller.abort(new Error('changed my mind'));
  await expect(answer).rejects.toThrow('changed my mind');
});

it('bonfireHandlers keeps the cookie of the API between the requests of all clients', async () => {
  api = createBonfireApi({ refreshToken: 'cookie' });
  server.resetHandlers(...bonfireHandlers(api, BASE_URL));
  const cookieProtocol = bonfire({ baseUrl: BASE_URL, appKey: 'app-key', refreshToken: inCookie(), signOutPath: '/sign-out' });
  const client = createAuthClient({ protocol: cookieProtocol, storage: memory() });
  await client.signIn(createBotTokens(cookieProtocol, ['ember']));
  for (let refreshes = 1; refreshes <= 2; refreshes += 1) {
    api.revokeAccessTokens();
    expect((await client.fetch('/users/me')).status).toBe(200);
    expect(api.counts).toMatchObject({ refreshes, reuses: 0 });
  }
  expect(api.calls.filter(({ endpoint, cookies }) => endpoint === 'me' && cookies !== undefined)).toEqual([]);
  client.dispose();
});
