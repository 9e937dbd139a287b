import type { AuthClient } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { BASE_URL, createSetup, isRefresh, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
let auth: AuthClient;
let given: (HeadersInit | undefined)[];
let sent: { url: string; method: string; body: string; headers: Record<string, string> }[];

beforeEach(async () => {
  setup = createSetup();
  const tab = setup.world.openTab();
  [sent, given] = [[], []];
  ({ auth } = setup.open({
    allowedOrigins: ['https://files.bonfire.test'],
    platform: {
      ...tab.platform,
      fetch: async (input, init) => {
        given.push(init?.headers);
        const request = new Request(input, init);
        const copy = request.clone();
        sent.push({ url: copy.url, method: copy.method, body: await copy.text(), headers: Object.fromEntries(copy.headers) });
        return tab.platform.fetch(request);
      },
    },
  }));
  await setup.signIn(auth);
  sent.length = 0;
});

const calls = () => sent.filter((request) => !isRefresh(request));

describe('the address of a call', () => {
  it.each([
    ['/posts', `${BASE_URL}/posts`],
    ['posts?limit=1', `${BASE_URL}/posts?limit=1`],
    [`${BASE_URL}/posts`, `${BASE_URL}/posts`],
    [new URL(`${BASE_URL}/posts`), `${BASE_URL}/posts`],
    ['https://files.bonfire.test/a.png', 'https://files.bonfire.test/a.png'],
    ['@evil.test/posts', `${BASE_URL}/@evil.test/posts`],
  ])('%s is sent to %s with the bearer', async (input, url) => {
    await setup.world.until(auth.fetch(input).catch(() => undefined));
    expect(sent[0]?.url).toBe(url);
    expect(sent[0]?.headers['authorization']).toBe(`Bearer ${auth.getSnapshot().tokens?.accessToken}`);
  });

  // claim: foreign-origin-refused
  it.each([
    'https://evil.test/posts',
    '//evil.test/posts',
    '/\\evil.test/posts',
    '\\\\evil.test/posts',
    'https:/evil.test/posts',
    'HTTPS://evil.test',
    'https://api.bonfire.test.evil.test/v1/posts',
    'https://api.bonfire.test@evil.test/v1/posts',
    'http://api.bonfire.test/v1/posts',
    'https://api.bonfire.test:8443/v1/posts',
    'data:text/plain,hello',
    new URL('https://evil.test/'),
    new Request('https://evil.test/posts'),
    ' \t//evil.test/posts',
    '/\n/evil.test/posts',
    { url: `${BASE_URL}/posts`, toString: () => 'https://evil.test/posts' } as Request,
  ])('%s is refused before anything is sent', async (input) => {
    expect(await rejection(auth.fetch(input))).toMatchObject({ code: 'origin_not_allowed', field: 'allowedOrigins' });
    expect(sent).toEqual([]);
  });

  // claim: interceptor-cannot-change-the-origin
  it('is refused if an interceptor changes it to another origin', async () => {
    for (const scope of ['call', 'send'] as const) {
      const remove = auth.intercept({ interceptor: (request, next) => next(new Request('https://evil.test/', request)), scope });
      expect(await setup.world.until(rejection(auth.fetch('/posts')))).toMatchObject({ code: 'origin_not_allowed' });
      remove();
    }
    expect(sent).toEqual([]);
  });
});

it('createAuthClient refuses an entry of `allowedOrigins` that is not an origin', () => {
  for (const entry of ['bonfire.test', 'https://files.bonfire.test/path', 'ftp://files.bonfire.test', '*']) {
    expect(() => setup.open({ allowedOrigins: [entry] })).toThrowError(expect.objectContaining({ code: 'invalid_config', field: 'allowedOrigins[0]' }));
  }
});

it('a call with its own Authorization header keeps that header, and its rejection causes no refresh', async () => {
  const response = await setup.world.until(auth.fetch('/users/me', { headers: { Authorization: 'Bearer mine' } }));
  expect(response.status).toBe(401);
  expect(sent.map(({ headers }) => headers['authorization'])).toEqual(['Bearer mine']);
});

describe('a replay', () => {
  const form = () => {
    const data = new FormData();
    data.append('text', 'hello');
    data.append('file', new Blob(['content'], { type: 'text/plain' }), 'a.txt');
    return data;
  };
  const bytes = new TextEncoder().encode('{"text":"bytes"}');

  it('has headers of its own, so those of the first send stay unchanged', async () => {
    setup.api.revokeAccessTokens();
    await setup.world.until(auth.fetch('/posts', { headers: { 'x-own': '1' } }));
    const bearers = given.map((headers) => new Headers(headers)).filter((headers) => headers.has('x-own')).map((headers) => headers.get('authorization'));
    expect([bearers.length, new Set(bearers).size]).toEqual([2, 2]);
  });

  it.each<[string, () => [RequestInfo | URL, RequestInit?]]>([
    ['a string', () => ['/users/me/posts', { method: 'POST', body: '{"text":"hello"}', headers: { 'content-type': 'application/json', 'x-own': '1' } }]],
    ['bytes', () => ['/users/me/posts', { method: 'POST', body: bytes, headers: [['x-own', '1']] }]],
    ['part of a buffer', () => ['/users/me/posts', { method: 'POST', body: bytes.subarray(2, 6), headers: [['x-own', '1']] }]],
    ['a buffer', () => ['/users/me/posts', { method: 'POST', body: bytes.slice().buffer, headers: [['x-own', '1']] }]],
    ['a Blob', () => ['/users/me/posts', { method: 'POST', body: new Blob(['{"text":"blob"}']), headers: { 'x-own': '1' } }]],
    ['search parameters', () => ['/users/me/posts', { method: 'POST', body: new URLSearchParams({ text: 'a b' }), headers: new Headers({ 'x-own': '1' }) }]],
    ['a form', () => ['/users/me/posts', { method: 'POST', body: form(), headers: { 'x-own': '1' } }]],
    ['a Request', () => [new Request(`${BASE_URL}/users/me/posts`, { method: 'POST', body: '{"text":"request"}', headers: { 'x-own': '1' } })]],
    ['a Request with overrides', () => [new Request(`${BASE_URL}/users/me/posts`, { method: 'PUT', body: 'other' }), { method: 'POST', body: '{"text":"init"}', headers: { 'x-own': '1' } }]],
  ])('repeats %s and the headers of the caller unchanged', async (_, build) => {
    setup.api.revokeAccessTokens();
    await setup.world.until(auth.fetch(...build()));
    const [first, second] = calls();
    const withoutBoundary = ({ body, headers }: { body: string; headers: Record<string, string> }) => {
      const boundary = /boundary=(\S+)/.exec(headers['content-type'] ?? '')?.[1];
      return { body: boundary ? body.split(boundary).join('|') : body, type: headers['content-type']?.split(';')[0], own: headers['x-own'] };
    };
    expect(calls()).toHaveLength(2);
    expect(withoutBoundary(second!)).toEqual(withoutBoundary(first!));
    expect(second?.headers['x-own']).toBe('1');
    expect(second?.body.length).toBeGreaterThan(3);
    expect(second?.headers['authorization']).not.toBe(first?.headers['authorization']);
  });

  it('repeats the body as it was at the call, even if the caller changes it meanwhile', async () => {
    setup.api.revokeAccessTokens();
    const data = form();
    const search = new URLSearchParams({ text: 'before' });
    const buffer = new TextEncoder().encode('before');
    const started = [data, search, buffer].map((body) => auth.fetch('/users/me/posts', { method: 'POST', body }));
    data.set('text', 'after');
    search.set('text', 'after');
    buffer.fill(0);
    await setup.world.until(Promise.all(started));
    expect(calls()).toHaveLength(6);
    for (const { body } of calls()) expect(body).not.toContain('after');
    expect(calls().filter(({ body }) => body.includes('before')).length).toBeGreaterThanOrEqual(4);
  });

  it('is not made for a stream, so the caller gets the 450 and the next call a new token', async () => {
    setup.api.revokeAccessTokens();
    const body = new Blob(['{"text":"streamed"}']).stream();
    const response = await setup.world.until(auth.fetch('/users/me/posts', { method: 'POST', body, duplex: 'half' } as RequestInit));
    expect(await response.json()).toMatchObject({ error: { code: 450 } });
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.answers('refresh')).toEqual([200]);
  });

  // claim: replayed-once-at-most
  it('happens at most once', async () => {
    setup.api.addFault({ endpoint: 'me', kind: 'error', code: 450 });
    const response = await setup.world.until(auth.fetch('/users/me'));
    expect(response.status).toBe(401);
    expect(setup.answers('me')).toHaveLength(2);
  });

  it('after a late 450 causes no second refresh, because the token was already refreshed', async () => {
    setup.world.latencyMs = 400;
    setup.api.revokeAccessTokens();
    const first = auth.fetch('/users/me');
    await setup.world.advance(390);
    const late = auth.fetch('/posts?limit=1');
    await setup.world.until(Promise.all([first, late]));
    expect(setup.answers('refresh')).toEqual([200]);
  });
  it('keeps its body intact if interceptors wrap the call and each send', async () => {
    auth.intercept((request, next) => next(request));
    auth.intercept({ interceptor: (request, next) => next(request), scope: 'send' });
    setup.api.revokeAccessTokens();
    const response = await setup.world.until(auth.fetch('/users/me/posts', { method: 'POST', body: '{"text":"kept"}', headers: { 'content-type': 'application/json' } }));
    expect(response.status).toBe(201);
    expect(calls().map(({ body }) => body)).toEqual(['{"text":"kept"}', '{"text":"kept"}']);
  });
});

it('a call resolves to the answer of the API with its body unread', async () => {
  const missing = await setup.world.until(auth.fetch('/posts/404404'));
  expect(missing.bodyUsed).toBe(false);
  expect(await missing.json()).toHaveProperty('error.message');
});

describe('a call while signed out', () => {
  // claim: signed-out-read-uses-app-key
  it('is sent with the App Key if it only reads', async () => {
    await setup.world.until(auth.signOut());
    expect((await setup.world.until(auth.fetch('/posts'))).status).toBe(200);
    expect(sent.map(({ headers }) => headers['authorization'])).toEqual(['Bearer app-key']);
  });

  // claim: signed-out-write-refused
  it('rejects with signed_out if it writes', async () => {
    await setup.world.until(auth.signOut());
    expect(await setup.world.until(rejection(auth.fetch('/users/me/posts', { method: 'POST', body: '{}' })))).toMatchObject({ code: 'signed_out' });
    expect(sent).toEqual([]);
  });

  it('rejects with the TypeError of fetch if the network fails', async () => {
    setup.world.faultOf = () => 'dropBefore';
    expect(await setup.world.until(rejection(auth.fetch('/posts')))).toBeInstanceOf(TypeError);
  });
});
