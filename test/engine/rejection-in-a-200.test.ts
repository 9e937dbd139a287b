import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bonfire } from 'unexpired/bonfire';
import { browserPlatform, createAuthClient, memory, type Answer, type MayReject, type Protocol } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { describe, expect, it, onTestFinished } from 'vitest';

const REJECTION = '{"errors":[{"message":"no","extensions":{"code":"UNAUTHENTICATED"}}]}';
const TOKENS = JSON.stringify({ access_token: 'good', refresh_token: 'next', data: { attributes: { access_token: 'good', refresh_token: 'next' } } });

/** As the docs show it: JSON of status 200 only. */
const OPTIONS = {
  mayReject: ((status, header) => status === 200 && header('content-type')?.includes('json') === true) satisfies MayReject,
  isRejection: ({ status, body }: Answer) => status === 401 || body.includes('"code":"UNAUTHENTICATED"'),
};
type Options = Partial<typeof OPTIONS>;
const PROFILES: [string, (origin: string, options: Options) => Protocol][] = [
  ['oauth2', (origin, options) => oauth2({ tokenEndpoint: `${origin}/v1/oauth`, clientId: 'app', resourceOrigins: [origin], ...options })],
  ['bonfire', (origin, options) => bonfire({ baseUrl: `${origin}/v1`, appKey: 'app-key', ...options })],
];

/** Starts a GraphQL API over HTTP, and a client whose token was revoked. */
async function open(profile: (origin: string, options: Options) => Protocol, options: Options, answer?: (response: ServerResponse) => void) {
  const tokens: (string | undefined)[] = [];
  let refreshes = 0;
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/v1/oauth') {
      refreshes += 1;
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(TOKENS);
    }
    const { authorization } = request.headers;
    tokens.push(authorization);
    if (answer) return void answer(response);
    response.writeHead(200, { 'content-type': 'application/graphql-response+json' }).end(authorization === 'Bearer good' ? '{"data":{"me":1}}' : REJECTION);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const auth = createAuthClient({ protocol: profile(origin, options), storage: memory(), platform: { ...browserPlatform(), warn: () => undefined } });
  onTestFinished(() => {
    auth.dispose();
    server.closeAllConnections();
    server.close();
  });
  await auth.signIn({ accessToken: 'revoked', refreshToken: 'first', expiresAt: null, scopes: [] });
  const query = () => auth.fetch('/graphql', { method: 'POST', body: '{"query":"{ me }"}' });
  return { query, tokens, refreshes: () => refreshes };
}

describe.each(PROFILES)('a rejection inside a 200 (%s)', (_, profile) => {
  it('costs one refresh and is replayed, and the caller gets the whole body', async () => {
    const { query, tokens, refreshes } = await open(profile, OPTIONS);
    expect(await (await query()).json()).toEqual({ data: { me: 1 } });
    expect([tokens, refreshes()]).toEqual([['Bearer revoked', 'Bearer good'], 1]);
  });

  it('costs one refresh for a burst', async () => {
    const { query, refreshes } = await open(profile, OPTIONS);
    const answers = await Promise.all(Array.from({ length: 10 }, async () => (await query()).json()));
    expect(answers).toEqual(Array.from({ length: 10 }, () => ({ data: { me: 1 } })));
    expect(refreshes()).toBe(1);
  });

  it('is an answer like any other without the option', async () => {
    const { query, refreshes } = await open(profile, {});
    expect(await (await query()).text()).toBe(REJECTION);
    expect(refreshes()).toBe(0);
  });

  it.each([[200, 'text/event-stream'], [206, 'application/json']])('is not looked for in a %i with %s, which resolves before its body is complete', async (status, type) => {
    let finish = () => {};
    const { query } = await open(profile, OPTIONS, (response) => {
      response.writeHead(status, { 'content-type': type }).write('first ');
      finish = () => void response.end('second');
    });
    const response = await query();
    finish();
    expect(await response.text()).toBe('first second');
  });

  it('is looked for in no more than the first 64 KiB of a large answer', async () => {
    let isEnded = false;
    const { query } = await open(profile, OPTIONS, (response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write(`{"data":"${'x'.repeat(100_000)}`);
      response.on('close', () => (isEnded = true));
    });
    expect((await query()).status).toBe(200);
    expect(isEnded).toBe(false);
  });

  it.each(['isRejection', 'mayReject'] as const)('needs %s to be a function', (option) => {
    expect(() => profile('https://api.example.com', { [option]: 'no' } as unknown as Options)).toThrow(expect.objectContaining({ code: 'invalid_config', field: option }));
  });
});
