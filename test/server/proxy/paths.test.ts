import { describe, expect, it } from 'vitest';
import { startApp } from './support/proxied-app.ts';

describe('a path through the proxy', () => {
  // claim: proxy-paths
  it.each([
    '/api//evil.example/x', '/api/a//b', '/api/a/%2e%2e%2fadmin', '/api/%2e%2e%2f%2e%2e%2fadmin', '/api/a%2fb', '/api/a%2Fb', '/api/a%5cb', '/api/%5c%5cevil.example', '/api/a%00',
    '/api/a%0d%0ax-evil:1', '/api/%252e%252e/admin', '/api/%25252e%25252e%25252fadmin', '/api/a%252fb', '/api/..;/admin', '/api/..%3b/admin', '/api/.;/a', '/api/a%', '/api/a%zz', '/api/%c0%ae%c0%ae/admin', '/api/a%7f',
  ])('is refused: %s', async (path) => {
    const app = await startApp();
    const answer = await app.ask(path, { headers: await app.signIn() });
    expect([answer.status, answer.headers['x-session-error']]).toEqual([400, 'invalid_path']);
    expect(app.received).toEqual([]);
  });

  it.each(['/api/../admin', '/api/%2e%2e/admin', '/api/./../admin', '/apix', '/apix/posts', '/API/posts', '/api%2fposts', '/%61pi/posts', '//api/posts', '/'])('is none of an upstream: %s', async (path) => {
    const app = await startApp();
    const answer = await app.ask(path, { headers: await app.signIn() });
    expect(answer.status).toBe(404);
    expect(app.received).toEqual([]);
  });

  it.each([
    ['/api', '/v1'],
    ['/api/', '/v1/'],
    ['/api?q=1', '/v1?q=1'],
    ['/api/posts/a%20b/%C3%A9', '/v1/posts/a%20b/%C3%A9'],
    ['/api/a;b=1/c,d:e@f', '/v1/a;b=1/c,d:e@f'],
    ['/api/a.b/..c/...', '/v1/a.b/..c/...'],
    ['/api/posts?next=//evil.example/../%2e%2e%2f%00', '/v1/posts?next=//evil.example/../%2e%2e%2f%00'],
    ['/api/@evil.example', '/v1/@evil.example'],
    ['/api/:80', '/v1/:80'],
    ['/api/a/../b', '/v1/b'],
  ])('%s arrives as %s', async (path, expected) => {
    const app = await startApp();
    const answer = await app.ask(path, { headers: await app.signIn() });
    expect([answer.status, app.received.map(({ url }) => url)]).toEqual([200, [expected]]);
  });

  it('arrives at an upstream without a path', async () => {
    const app = await startApp({ apiPath: '' });
    const headers = await app.signIn();
    for (const path of ['/api', '/api/', '/api?q', '/api/x']) await app.ask(path, { headers });
    expect(app.received.map(({ url }) => url)).toEqual(['/', '/', '/?q', '/x']);
  });

  // claim: proxy-fixed-hosts
  it('is never at another host, whatever the request names', async () => {
    const app = await startApp();
    const { sessions } = app;
    const headers = await app.signIn();
    for (const url of ['http://evil.example/api/posts', 'https://user:pw@evil.example:8443/api/posts']) {
      expect((await sessions.proxy(new Request(url.replace('user:pw@', ''), { headers }))).status).toBe(200);
    }
    expect((await sessions.proxy(new Request('http://app.example.com/api/posts#x', { headers }))).status).toBe(400);
    expect(app.received.map(({ url, headers: { host } }) => [url, `http://${host}`])).toEqual([['/v1/posts', app.apiOrigin], ['/v1/posts', app.apiOrigin]]);
  });
});
