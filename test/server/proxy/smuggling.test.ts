import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../../browsers/server/listening.ts';
import { startApp } from './support/proxied-app.ts';
import { ask, askRaw } from './support/wire.ts';

/** Sends a request as bytes, with a second one hidden in what follows its headers. */
async function smuggle(lines: readonly string[], body: string) {
  const app = await startApp();
  const page = await app.signIn();
  const head = ['POST /api/posts HTTP/1.1', `Host: ${new URL(app.origin).host}`, ...Object.entries(page).map(([name, value]) => `${name}: ${value}`), 'Connection: close', ...lines];
  const answer = await askRaw(app.port, `${head.join('\r\n')}\r\n\r\n${body}`);
  return { app, status: Number(answer.split(' ')[1]), answers: answer.split('HTTP/1.1 ').length - 1 };
}

const HIDDEN = 'GET /api/admin HTTP/1.1\r\nHost: x\r\n\r\n';

describe('a request that hides another one', () => {
  // claim: proxy-smuggling
  it.each([
    ['by Transfer-Encoding and Content-Length', ['Content-Length: 5', 'Transfer-Encoding: chunked'], `0\r\n\r\n${HIDDEN}`],
    ['by two lengths', ['Content-Length: 0', `Content-Length: ${HIDDEN.length}`], HIDDEN],
    ['by a coding that is not chunked', ['Transfer-Encoding: xchunked'], HIDDEN],
    ['by a space before the colon', ['Content-Length : 5'], HIDDEN],
    ['by a length with a sign', ['Content-Length: +5'], HIDDEN],
    ['by a header on two lines', ['X-A: 1', ' Content-Length: 5'], HIDDEN],
    ['by a lone carriage return', ['X-A: 1\rContent-Length: 5'], HIDDEN],
  ])('%s never reaches the API', async (_, lines, body) => {
    const { app, status } = await smuggle(lines, body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(app.received).toEqual([]);
  });

  it('in the body of a small chunked request arrives as a body with a length', async () => {
    const { app, status } = await smuggle(['Transfer-Encoding: chunked'], `${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`);
    expect([status, app.received.length, await app.received[0]?.body]).toEqual([200, 1, HIDDEN]);
    expect(app.received[0]?.headers).toMatchObject({ 'content-length': `${HIDDEN.length}` });
    expect(app.received[0]?.headers['transfer-encoding']).toBeUndefined();
  });

  it.each([
    ['a length', `Content-Length: ${HIDDEN.length}`, HIDDEN],
    ['chunks', 'Transfer-Encoding: chunked', `${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`],
  ])('in the body of a GET with %s loses it', async (_, line, body) => {
    const app = await startApp();
    const page = await app.signIn();
    const head = ['GET /api/posts HTTP/1.1', `Host: ${new URL(app.origin).host}`, ...Object.entries(page).map(([name, value]) => `${name}: ${value}`), 'Connection: close', line];
    const answer = await askRaw(app.port, `${head.join('\r\n')}\r\n\r\n${body}`);
    expect([answer.split('HTTP/1.1 ').length - 1, app.received.map(({ method, url }) => `${method} ${url}`)]).toEqual([1, ['GET /v1/posts']]);
    expect([await app.received[0]?.body, app.received[0]?.headers['content-length'], app.received[0]?.headers['transfer-encoding']]).toEqual(['', undefined, undefined]);
  });

  it('in a runtime that passes on two statements of its length is refused', async () => {
    const app = await startApp();
    const headers = { ...(await app.signIn()), 'content-length': '5', 'transfer-encoding': 'chunked' };
    const request = new Request('https://app.example.com/api/posts', { method: 'POST', headers, body: 'hello' });
    expect((await app.sessions.proxy(request)).status).toBe(400);
    const other = new Request('https://app.example.com/api/posts', { method: 'POST', headers: { ...headers, 'transfer-encoding': '', 'content-length': '5, 6' }, body: 'hello' });
    expect((await app.sessions.proxy(other)).status).toBe(400);
    expect(app.received).toEqual([]);
  });

  it('in its trailers loses them', async () => {
    const { app, status } = await smuggle(['Transfer-Encoding: chunked', 'Trailer: Cookie'], '2\r\nhi\r\n0\r\nCookie: a=1\r\nX-Session: other\r\n\r\n');
    expect([status, await app.received[0]?.body, app.received[0]?.headers.cookie, app.received[0]?.headers.trailer]).toEqual([200, 'hi', undefined, undefined]);
  });
});

describe('a raw request', () => {
  it.each([
    ['in absolute form', 'GET http://evil.example/api/posts HTTP/1.1', 200, '/v1/posts'],
    ['with a fragment', 'GET /api/posts#x HTTP/1.1', 400, undefined],
    ['with a backslash', 'GET /api\\..\\admin HTTP/1.1', 400, undefined],
    ['with dots', 'GET /api/../admin HTTP/1.1', 404, undefined],
    ['with an authority', 'GET //evil.example/api/posts HTTP/1.1', 404, undefined],
    ['with NUL', 'GET /api/a\0b HTTP/1.1', 400, undefined],
    ['by CONNECT', 'CONNECT evil.example:443 HTTP/1.1', 0, undefined],
    ['by TRACE', 'TRACE /api/posts HTTP/1.1', 405, undefined],
  ])('%s reaches only the configured API', async (_, line, status, url) => {
    const app = await startApp();
    const page = await app.signIn();
    const head = [line, `Host: ${new URL(app.origin).host}`, ...Object.entries(page).map(([name, value]) => `${name}: ${value}`), 'Connection: close'];
    const answer = await askRaw(app.port, `${head.join('\r\n')}\r\n\r\n`);
    expect([Number(answer.split(' ')[1] ?? 0), app.received[0]?.url]).toEqual([status, url]);
    expect(app.received.every(({ headers }) => headers.host === new URL(app.apiOrigin).host)).toBe(true);
  });

  // claim: proxy-upgrade
  it('for a WebSocket is refused in words', async () => {
    const app = await startApp();
    const answer = await app.ask('/api/live', { headers: { ...(await app.signIn()), connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' } });
    expect([answer.status, answer.headers['x-session-error'], app.received.length]).toEqual([501, 'upgrade_not_supported', 0]);
    expect(JSON.parse(answer.body)).toEqual({ error: 'upgrade_not_supported', message: expect.stringMatching(/^The proxy forwards no WebSocket\. .*ticket/) });
  });
});

describe('the proxy of an app with routes', () => {
  it('works behind a route of Hono, beside the handler', async () => {
    const app = await startApp();
    const { sessions } = app;
    const routes = new Hono();
    routes.all('/auth/*', (context) => sessions.handler(context.req.raw));
    routes.all('/api/*', (context) => sessions.proxy(context.req.raw));
    const server = await listen(createServer(getRequestListener(routes.fetch)));
    onTestFinished(() => server.close());
    const headers = await app.signIn();
    app.revoke();
    const answer = await ask(server.origin, '/api/posts', { method: 'POST', headers, body: 'hi' });
    expect([answer.status, answer.body, app.refreshes]).toEqual([200, '["a post"]', 1]);
    expect(JSON.parse((await ask(server.origin, '/auth/session', { method: 'POST', headers })).body)).toMatchObject({ session: headers['x-session'], subject: 'ann' });
  });
});
