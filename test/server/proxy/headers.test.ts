import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startApp } from './support/proxied-app.ts';

describe('the headers of a proxied request', () => {
  // claim: proxy-request-headers
  it('arrive without credentials, connection headers, forwarded authority and other ways to another path or method', async () => {
    const app = await startApp();
    const page = await app.signIn();
    const own = {
      authorization: 'Bearer stolen', 'proxy-authorization': 'Basic eA==', forwarded: 'for=1.2.3.4;host=evil.example', 'x-forwarded-for': '1.2.3.4', 'x-forwarded-host': 'evil.example', 'x-forwarded-prefix': '/x', 'x-real-ip': '1.2.3.4',
      'x-original-url': '/admin', 'x-rewrite-url': '/admin', 'x-http-method-override': 'DELETE', 'x-csrf': '1', origin: app.origin, referer: `${app.origin}/private`, te: 'trailers', 'keep-alive': 'timeout=5', connection: 'keep-alive, X-Listed', 'x-listed': '1', 'sec-ch-ua': 'x', via: '1.1 evil', 'accept-encoding': 'br', expect: '100-continue',
    };
    await app.ask('/api/posts', { headers: { ...page, ...own, accept: 'application/json', 'if-none-match': '"1"', range: 'bytes=0-1', 'user-agent': 'a browser', 'accept-language': 'de' } });
    const { headers } = app.received[0]!;
    expect(headers).toMatchObject({ authorization: 'Bearer ann-access-1', host: new URL(app.apiOrigin).host, 'accept-encoding': expect.stringMatching(/^identity(, identity)?$/) as string, via: '1.1 unexpired', accept: 'application/json', 'if-none-match': '"1"', range: 'bytes=0-1', 'user-agent': 'a browser', 'accept-language': 'de' });
    const passed = ['authorization', 'accept-encoding', 'via'];
    const gone = [...Object.keys(own), ...Object.keys(page)].filter((name) => !passed.includes(name) && name !== 'connection' && headers[name] !== undefined);
    expect(gone).toEqual([]);
    expect(headers.connection).toBe('keep-alive');
  });

  it('arrive without a token of the page, also if the protocol has a header of its own for it', async () => {
    const app = await startApp();
    await app.ask('/api/posts', { headers: { ...(await app.signIn()), Authorization: ['Bearer one', 'Bearer two'] } });
    expect(app.received[0]?.rawHeaders.filter((text) => /^bearer/i.test(text))).toEqual(['Bearer ann-access-1']);
  });
});

describe('the headers of a proxied answer', () => {
  // claim: proxy-answer-headers
  it('set nothing in the browser in the name of this origin', async () => {
    const app = await startApp();
    const hostile = {
      'set-cookie': ['__Host-session=stolen; Path=/; Secure', 'a=1'], 'access-control-allow-origin': '*', 'access-control-allow-credentials': 'true', 'clear-site-data': '"*"', 'alt-svc': 'h3="evil.example:443"', 'strict-transport-security': 'max-age=0',
      'content-security-policy-report-only': "default-src 'none'; report-uri https://evil.example", nel: '{}', 'report-to': '{}', 'service-worker-allowed': '/', refresh: '0; url=https://evil.example', 'timing-allow-origin': '*', 'x-session-error': 'signed_out', 'x-accel-redirect': '/internal', 'x-sendfile': '/etc/passwd',
      'www-authenticate': 'Bearer realm="a", Basic realm="enter your password"', 'proxy-authenticate': 'Basic', connection: 'close, x-listed', 'x-listed': '1', 'keep-alive': 'timeout=1', 'cdn-cache-control': 'public', 'surrogate-control': 'max-age=60', expires: 'Thu, 01 Dec 2099 16:00:00 GMT', age: '5', pragma: 'x',
    };
    app.serve = (_, response) => response.writeHead(403, { ...hostile, 'cache-control': 'public, max-age=60', vary: 'accept', etag: '"1"', 'x-total': '7', 'content-type': 'text/html', 'content-security-policy': 'script-src *' }).end('<script>steal()</script>');
    const { status, headers, body } = await app.ask('/api/posts', { headers: await app.signIn() });
    expect([status, body]).toEqual([403, '<script>steal()</script>']);
    expect(Object.keys(headers).filter((name) => name in hostile && name !== 'connection' && name !== 'keep-alive')).toEqual([]);
    expect(headers).toMatchObject({ 'cache-control': 'private, no-store', vary: 'accept, cookie', etag: '"1"', 'x-total': '7', 'content-type': 'text/html', 'content-security-policy': 'sandbox', 'x-content-type-options': 'nosniff' });
    expect([headers.connection, headers['keep-alive']]).not.toContainEqual(expect.stringContaining('x-listed'));
  });

  it('keep their bytes, also those of other alphabets', async () => {
    const app = await startApp();
    const bytes = Buffer.from('naïve Größe').toString('latin1');
    app.serve = ({ headers: got }, response) => response.writeHead(200, { 'content-disposition': `attachment; filename="${bytes}"`, 'x-got': String(got['x-name']) }).end();
    // Without a server in front, because that of Node writes the headers of a stream as UTF-8.
    const { headers } = await app.sessions.proxy(new Request('https://app.example.com/api/posts', { headers: { ...(await app.signIn()), 'x-name': bytes } }));
    expect([headers.get('content-disposition'), headers.get('x-got')]).toEqual([`attachment; filename="${bytes}"`, bytes]);
  });

  it('keep a challenge that asks no user for a password', async () => {
    const app = await startApp();
    app.serve = (_, response) => response.writeHead(403, { 'www-authenticate': 'Bearer error="insufficient_scope"' }).end();
    const { status, headers } = await app.ask('/api/posts', { headers: await app.signIn() });
    expect([status, headers['www-authenticate'], headers['x-session-error']]).toEqual([403, 'Bearer error="insufficient_scope"', undefined]);
  });

  // claim: proxy-no-cache
  it.each([
    [undefined, undefined, 'private, no-store', 'cookie'],
    ['public, s-maxage=600', '*', 'private, no-store', '*, cookie'],
    ['no-transform, max-age=1', 'Cookie', 'private, no-store, no-transform', 'Cookie'],
  ])('let no cache keep the answer, with Cache-Control %s and Vary %s of the API', async (cache, vary, expected, varied) => {
    const app = await startApp();
    app.serve = (_, response) => response.writeHead(200, { ...(cache && { 'cache-control': cache }), ...(vary && { vary }) }).end('1');
    const { headers } = await app.ask('/api/posts', { headers: await app.signIn() });
    expect([headers['cache-control'], headers.vary]).toEqual([expected, varied]);
  });

  // claim: proxy-compression
  it('are true for an API that compresses although it was not asked to', async () => {
    const app = await startApp();
    const zipped = gzipSync('["a post"]'.repeat(100));
    app.serve = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': zipped.length, 'content-type': 'application/json' }).end(zipped);
    const page = await app.signIn();
    const got = await app.ask('/api/posts', { headers: page });
    expect([got.headers['content-encoding'], got.headers['content-length'], got.body, got.isBroken]).toEqual([undefined, undefined, '["a post"]'.repeat(100), false]);
    const head = await app.ask('/api/posts', { method: 'HEAD', headers: page });
    expect([head.status, head.headers['content-encoding'], head.headers['content-length']]).toEqual([200, undefined, undefined]);
  });

  it('never describe a coding that only some runtimes decode', async () => {
    const app = await startApp();
    app.serve = (_, response) => response.writeHead(200, { 'content-encoding': 'zstd' }).end('?');
    const { status, headers } = await app.ask('/api/posts', { headers: await app.signIn() });
    expect([status, headers['x-session-error']]).toEqual([502, 'invalid_upstream_answer']);
  });

  it('keep the length of an answer, so that the browser sees whether it is whole', async () => {
    const app = await startApp();
    app.serve = (_, response) => response.writeHead(200, { 'content-length': 3 }).end('abc');
    const { headers } = await app.ask('/api/posts', { headers: await app.signIn() });
    expect([headers['content-length'], headers['transfer-encoding']]).toEqual(['3', undefined]);
  });

  it.each([204, 304])('come without a body for %d', async (status) => {
    const app = await startApp();
    app.serve = (_, response) => response.writeHead(status, { etag: '"1"' }).end();
    const answer = await app.ask('/api/posts', { headers: await app.signIn() });
    expect([answer.status, answer.body, answer.headers.etag, answer.headers['cache-control']]).toEqual([status, '', '"1"', 'private, no-store']);
  });
});

describe('a redirect of the API', () => {
  // claim: proxy-redirects
  it.each([
    ['/v1/posts/2?x#y', '/api/posts/2?x#y'],
    ['2', '/api/posts/2'],
    ['//evil.example/x', 'http://evil.example/x'],
    ['https://evil.example/v1/x', 'https://evil.example/v1/x'],
    ['/login', '{api}/login'],
    ['/v1x/y', '{api}/v1x/y'],
    ['/v1/../admin', '{api}/admin'],
    ['{api}/v1', '/api'],
    ['{api}/v1?x', '/api?x'],
    ['{api}@evil.example/v1/x', '{api}@evil.example/v1/x'],
    ['javascript:alert(1)', undefined],
    ['http://[', undefined],
  ])('to %s is passed on as %s, and nothing is sent there', async (location, expected) => {
    const app = await startApp();
    app.serve = (_, response) => response.writeHead(302, { location: location.replace('{api}', app.apiOrigin) }).end();
    const answer = await app.ask('/api/posts/1', { headers: await app.signIn() });
    expect([answer.status, answer.headers.location]).toEqual([302, expected?.replace('{api}', app.apiOrigin)]);
    expect(app.received.length).toBe(1);
  });
});
