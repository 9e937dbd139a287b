import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createBonfireApi, createCookieJar, type CookieJarOptions } from 'unexpired/testing';
import { describe, expect, it } from 'vitest';
import { cookieUser } from './cookie-user.ts';

const API = 'https://api.bonfire.test/v1/oauth';

/** Creates a jar in front of a server that sets cookies, and returns the `Cookie` headers that the server got. */
function jarOf(lines: readonly string[], options: CookieJarOptions = {}) {
  const got: (string | null)[] = [];
  const jar = createCookieJar((request) => {
    got.push(request.headers.get('Cookie'));
    const response = new Response('', { headers: { 'Access-Control-Allow-Credentials': 'true', 'Access-Control-Allow-Origin': request.headers.get('Origin') ?? '' } });
    for (const line of lines) response.headers.append('Set-Cookie', line);
    return Promise.resolve(response);
  }, options);
  const send = (url = API, init: RequestInit = {}) => jar.fetch(url, { method: 'POST', credentials: 'include', ...init });
  return { jar, got, send };
}

describe('a cookie jar', () => {
  it('is shared by all tabs that send through it', async () => {
    const { jar, got, send } = jarOf(['a=1; HttpOnly', 'b=2; Secure']);
    await send();
    await Promise.all([send(), send()]);
    expect(got).toEqual([null, 'a=1; b=2', 'a=1; b=2']);
    jar.clear();
    await send();
    expect(got.at(-1)).toBeNull();
  });

  it.each<[RequestCredentials, string | undefined, boolean]>([
    ['include', undefined, true],
    ['same-origin', undefined, false],
    ['omit', undefined, false],
    ['same-origin', 'https://api.bonfire.test/app', true],
    ['omit', 'https://api.bonfire.test/app', false],
  ])('sends and stores cookies with credentials `%s` from the page %s: %s', async (credentials, page, isSent) => {
    const { jar, got, send } = jarOf(['a=1'], page === undefined ? {} : { page });
    await send(API, { credentials });
    expect(jar.cookies).toHaveLength(isSent ? 1 : 0);
    await send();
    await send(API, { credentials });
    expect(got.at(-1)).toBe(isSent ? 'a=1' : null);
  });

  it.each([
    ['a=1; Path=/v1/oauth', '/v1/oauth', true],
    ['a=1; Path=/v1/oauth', '/v1/oauth/bots', true],
    ['a=1; Path=/v1/oauth', '/v1/oauthorized', false],
    ['a=1; Path=/v1/oauth', '/v1/posts', false],
    ['a=1; Path=/', '/v1/posts', true],
    ['a=1', '/v1/posts', true],
    ['a=1', '/v2/posts', false],
    ['a=1; Max-Age=0', '/v1/oauth', false],
    ['a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT', '/v1/oauth', false],
    ['a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60', '/v1/oauth', true],
    ['a=1; Domain=other.test', '/v1/oauth', false],
  ])('given `%s`, sends it to %s: %s', async (line, path, isSent) => {
    const { got, send } = jarOf([line]);
    await send();
    await send(`https://api.bonfire.test${path}`);
    expect(got.at(-1)).toBe(isSent ? 'a=1' : null);
  });

  it('sends a cookie with a Domain to other hosts of it, and a cookie without to its own host only', async () => {
    const { got, send } = jarOf(['a=1; Path=/; Domain=bonfire.test', 'b=2; Path=/']);
    await send();
    await send('https://www.bonfire.test/');
    expect(got.at(-1)).toBe('a=1');
  });

  it.each([
    ['Strict', false],
    ['Lax', false],
    ['None; Secure', true],
    ['None', false],
  ])('gives a page of another site a cookie with SameSite=%s: %s', async (sameSite, isSent) => {
    const { got, send } = jarOf([`a=1; SameSite=${sameSite}`], { page: 'https://other.test/' });
    await send();
    await send();
    expect(got.at(-1)).toBe(isSent ? 'a=1' : null);
  });

  it('refuses a Secure cookie over HTTP, except on this machine', async () => {
    const { got, send } = jarOf(['a=1; Secure']);
    for (const origin of ['http://api.bonfire.test', 'http://localhost:1234']) {
      await send(origin);
      await send(origin);
    }
    expect(got).toEqual([null, null, null, 'a=1']);
  });

  it('shows a page the cookies of its own host that are not HttpOnly', async () => {
    const lines = ['hidden=1; HttpOnly; Path=/; Domain=bonfire.test', 'seen=2; Path=/; Domain=bonfire.test', 'api=3; Path=/'];
    for (const options of [{}, { page: 'https://app.bonfire.test/' }]) {
      const { jar, send } = jarOf(lines, options);
      await send();
      expect(['hidden', 'seen', 'api', 'none'].map(jar.readCookie)).toEqual([null, '2', null, null]);
    }
  });

  it('drops a cookie when its life has ended by the clock of the browser', async () => {
    let now = 0;
    const { got, send } = jarOf(['a=1; Max-Age=60'], { now: () => now });
    await send();
    now = 59_999;
    await send(API, { credentials: 'include' });
    now += 60_000;
    await send();
    expect(got).toEqual([null, 'a=1', null]);
  });

  it('that is blocked stores and sends nothing', async () => {
    const { jar, got, send } = jarOf(['a=1']);
    await send();
    jar.blocked = true;
    await send();
    expect(got).toEqual([null, null]);
    jar.blocked = false;
    await send();
    expect(got.at(-1)).toBe('a=1');
  });

  it('rejects with a network error if the answer does not allow credentials, and keeps its cookie', async () => {
    const { api, jar, signIn } = cookieUser({ cookie: { allowCredentials: false } });
    await expect(signIn()).rejects.toThrow(new TypeError('Failed to fetch'));
    expect(api.counts.created).toBe(1);
    expect(jar.cookies).toHaveLength(1);
  });

  it('rejects with the reason of a request that is aborted, and does not get its cookie', async () => {
    const { api, jar } = cookieUser({ sleep: () => new Promise(() => undefined) });
    api.addFault({ endpoint: 'create', kind: 'late', delayMs: 60_000 });
    const controller = new AbortController();
    const form = new URLSearchParams({ grant_type: 'client_credentials', bots: '["ember"]' });
    const answer = jar.fetch(`${API}/bots`, { method: 'POST', credentials: 'include', headers: { authorization: 'Bearer app-key', 'x-csrf': '1' }, body: form, signal: controller.signal });
    await expect.poll(() => api.counts.created).toBe(1);
    controller.abort('closed');
    await expect(answer).rejects.toBe('closed');
    expect(jar.cookies).toEqual([]);
  });

  it('names the origin of the page, and keeps an origin that a request has', () => {
    const { jar } = jarOf([], { page: 'https://app.bonfire.test/' });
    const [own, named] = [new Request(API), new Request(API, { headers: { Origin: 'https://named.test' } })];
    for (const request of [own, named]) jar.attach(request);
    expect([own, named].map(({ headers }) => headers.get('Origin'))).toEqual(['https://app.bonfire.test', 'https://named.test']);
  });

  it('refuses wrong arguments by name', () => {
    expect(() => createCookieJar('api' as never)).toThrow('`send` must be a function; it is "api".');
    expect(() => jarOf([], { page: 'app' })).toThrow('`page` must be an absolute http(s) address');
  });
});

it('an API with cookies sets and reads them over real HTTP', async () => {
  const api = createBonfireApi({ refreshToken: 'cookie', cookie: { hintCookie: 'signed_in' } });
  const server: Server = createServer(getRequestListener((request) => api.fetch(request)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const jar = createCookieJar(fetch); // Only to carry the cookies, as a browser does.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/oauth`;
  const post = (path: string, body: Record<string, string>) =>
    jar.fetch(url + path, { method: 'POST', credentials: 'include', headers: { Authorization: 'Bearer app-key', 'x-csrf': '1' }, body: new URLSearchParams(body) });
  try {
    await post('/bots', { grant_type: 'client_credentials', bots: '["ember"]' });
    expect(jar.cookies.map(({ name }) => name)).toEqual(['bonfire_refresh', 'signed_in']);
    expect((await post('', { grant_type: 'refresh_token' })).status).toBe(200);
    expect((await post('', { grant_type: 'refresh_token' })).status).toBe(200);
    expect(api.counts).toMatchObject({ refreshes: 2, reuses: 0 });
    expect((await post('/sign-out', {})).status).toBe(204);
    expect(jar.cookies).toEqual([]);
  } finally {
    server.close();
  }
});
