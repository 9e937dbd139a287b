import { memory } from 'unexpired/server';
import { describe, expect, it } from 'vitest';
import { startApp } from './support/proxied-app.ts';

describe('the proxy', () => {
  // claim: proxy-token
  it('forwards a request with the access token of its session, and returns the answer', async () => {
    const app = await startApp();
    const page = await app.signIn();
    const answer = await app.ask('/api/posts?tag=a%2Bb&tag=c', { method: 'POST', headers: { ...page, 'content-type': 'application/json', 'x-app': '7' }, body: '{"title":"hi"}' });
    expect([answer.status, answer.body]).toEqual([200, '["a post"]']);
    const [got] = app.received;
    expect(got).toMatchObject({ method: 'POST', url: '/v1/posts?tag=a%2Bb&tag=c', headers: { authorization: 'Bearer ann-access-1', 'content-type': 'application/json', 'x-app': '7', 'content-length': '14' } });
    expect(await got?.body).toBe('{"title":"hi"}');
  });

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])('keeps the method %s, without a body', async (method) => {
    const app = await startApp();
    const answer = await app.ask('/api/posts/1', { method, headers: await app.signIn() });
    expect([answer.status, app.received[0]?.method, await app.received[0]?.body]).toEqual([200, method, '']);
  });

  it('chooses the upstream with the longest path', async () => {
    const app = await startApp();
    const headers = await app.signIn();
    for (const path of ['/api/files/1', '/api/filesystem']) await app.ask(path, { headers });
    expect(app.received.map(({ url }) => url)).toEqual(['/files/1', '/v1/filesystem']);
  });

  it('never forwards an address of the handler', async () => {
    const app = await startApp({ basePath: '/api/auth' });
    const headers = await app.signIn();
    for (const path of ['/api/auth', '/api/auth/session']) expect((await app.ask(path, { headers })).status).toBe(404);
    expect(app.received).toEqual([]);
  });

  // claim: proxy-methods
  it('refuses a method that the upstream does not take, and every preflight', async () => {
    const app = await startApp({ upstream: { methods: ['GET'] } });
    const page = await app.signIn();
    const post = await app.ask('/api/posts', { method: 'POST', headers: page });
    const preflight = await app.ask('/api/posts', { method: 'OPTIONS', headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' } });
    expect([post.status, post.headers.allow, preflight.status]).toEqual([405, 'GET', 405]);
    expect(Object.keys(preflight.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(app.received).toEqual([]);
  });
});

describe('the session of a proxied request', () => {
  // claim: proxy-session-binding
  it('that another user has replaced sends nothing as that user', async () => {
    const app = await startApp();
    const ann = await app.signIn('ann');
    const bob = await app.signIn('bob');
    const answer = await app.ask('/api/posts', { headers: { ...ann, cookie: bob['cookie'] ?? '' } });
    expect([answer.status, answer.headers['x-session-error'], JSON.parse(answer.body)]).toEqual([401, 'session_changed', { error: 'session_changed' }]);
    expect(app.received).toEqual([]);
  });

  it.each([
    ['no cookie', ''],
    ['a cookie of the wrong shape', '__Host-session=short'],
    ['the cookie of no session', `__Host-session=${'A'.repeat(43)}`],
    ['two cookies', `__Host-session=${'A'.repeat(43)}; __Host-session=${'B'.repeat(43)}`],
  ])('is missing with %s', async (_, cookie) => {
    const app = await startApp();
    const page = await app.signIn();
    const answer = await app.ask('/api/posts', { headers: { ...page, cookie } });
    expect([answer.status, answer.headers['x-session-error'], answer.headers['cache-control']]).toEqual([401, 'signed_out', 'no-store']);
    expect(app.received).toEqual([]);
  });

  it('that its user has ended is over for the proxy', async () => {
    const app = await startApp();
    const page = await app.signIn();
    await app.sessions.of({ headers: new Headers(page) }).then((session) => session.signOut());
    const answer = await app.ask('/api/posts', { headers: page });
    expect([answer.status, answer.headers['x-session-error']]).toEqual([401, 'signed_out']);
  });

  // claim: proxy-store-down
  it('that cannot be read gets 503 and Retry-After', async () => {
    const state = { isDown: false };
    const store = memory();
    const app = await startApp({ store: { ...store, read: async (...args) => (state.isDown ? Promise.reject(new Error('down')) : store.read(...args)) } });
    const page = await app.signIn();
    state.isDown = true;
    const answer = await app.ask('/api/posts', { headers: page });
    expect([answer.status, answer.headers['x-session-error'], answer.headers['retry-after']]).toEqual([503, 'storage_unavailable', expect.stringMatching(/^\d+$/)]);
  });

  // claim: proxy-cross-site
  it.each([
    ['a form of another site', 'POST', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a link of another site', 'GET', { 'sec-fetch-site': 'cross-site' }],
    ['a page of another subdomain', 'GET', { 'sec-fetch-site': 'same-site' }],
    ['a form of this site', 'POST', { 'sec-fetch-site': 'same-origin' }],
    ['an old browser that names no site', 'GET', {}],
    ['another origin that an old browser names', 'POST', { origin: 'https://evil.example', 'x-csrf': '1' }],
  ])('is not used for %s', async (_, method, headers) => {
    const app = await startApp();
    const { cookie = '' } = await app.signIn();
    const answer = await app.ask('/api/posts', { method, headers: { cookie, ...headers } });
    expect([answer.status, answer.headers['x-session-error']]).toEqual([403, 'cross_site_request']);
    expect(app.received).toEqual([]);
  });

  it('is that of the cookie for an EventSource, which can name none', async () => {
    const app = await startApp();
    const { cookie = '' } = await app.signIn();
    expect((await app.ask('/api/events', { headers: { cookie, 'sec-fetch-site': 'same-origin' } })).status).toBe(200);
  });
});

describe('the configuration of the proxy', () => {
  it.each([
    ['proxy', { proxy: [] }],
    ['proxy["api"]', { proxy: { api: { to: 'https://api.example.com' } } }],
    ['proxy["/"]', { proxy: { '/': { to: 'https://api.example.com' } } }],
    ['proxy["/api/"]', { proxy: { '/api/': { to: 'https://api.example.com' } } }],
    ['proxy["/a/../b"]', { proxy: { '/a/../b': { to: 'https://api.example.com' } } }],
    ['proxy["/auth/more"]', { proxy: { '/auth/more': { to: 'https://api.example.com' } } }],
    ['proxy["/api"]', { proxy: { '/api': 'https://api.example.com' } }],
    ['proxy["/api"].to', { upstream: { to: 'https://elsewhere.example/v1' } }],
    ['proxy["/api"].to', { upstream: { to: '/v1' } }],
    ['proxy["/api"].to', { upstream: { to: 'https://user:secret@api.example.com/v1' } }],
    ['proxy["/api"].to', { upstream: { to: 'https://api.example.com/v1?key=1' } }],
    ['proxy["/api"].to', { upstream: { to: 'ftp://api.example.com/v1' } }],
    ['proxy["/api"].methods', { upstream: { methods: ['OPTIONS'] } }],
    ['proxy["/api"].methods', { upstream: { methods: 'GET' } }],
    ['proxy["/api"].maxBodyBytes', { upstream: { maxBodyBytes: -1 } }],
    ['proxy["/api"].timeoutMs', { upstream: { timeoutMs: 0 } }],
    ['proxy["/api"].maxConcurrent', { upstream: { maxConcurrent: 0.5 } }],
  ])('is refused with the field %s', async (field, config) => {
    await expect(startApp(config as object)).rejects.toMatchObject({ code: 'invalid_config', field, message: expect.not.stringContaining('secret') as string });
  });
});
