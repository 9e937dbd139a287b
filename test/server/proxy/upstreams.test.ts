import { createServer, request as send, type ServerResponse } from 'node:http';
import { serverPlatform } from 'unexpired/server';
import { describe, expect, it, vi } from 'vitest';
import { listen } from '../../browsers/server/listening.ts';
import { startApp, type ProxiedApp } from './support/proxied-app.ts';
import { createTimeout } from './support/timeout.ts';

/** Starts a GET, and gives what has arrived so far. */
function openGet(app: ProxiedApp, path: string, headers: Record<string, string>) {
  const seen = { status: 0, text: '', isOver: false, headers: {} as Record<string, unknown> };
  const outgoing = send(app.origin, { path, headers, agent: false }, (incoming) => {
    seen.status = incoming.statusCode ?? 0;
    seen.headers = incoming.headers;
    incoming.on('data', (part) => void (seen.text += String(part)));
    incoming.on('close', () => void (seen.isOver = true)).on('error', () => undefined);
  });
  outgoing.on('error', () => void (seen.isOver = true));
  outgoing.end();
  return { seen, abort: () => void outgoing.destroy() };
}

describe('an API', () => {
  // claim: proxy-hostile-upstream
  it.each<[string, (response: ServerResponse) => void, number, string]>([
    ['that answers 101', (response) => void response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'), 502, 'upstream_unavailable'],
    ['that answers no HTTP', (response) => void response.socket?.end('hello\r\n\r\n'), 502, 'upstream_unavailable'],
    ['that closes the connection', (response) => void response.socket?.destroy(), 502, 'upstream_unavailable'],
    ['that states two lengths', (response) => void response.socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'), 502, 'upstream_unavailable'],
    ['that sends a header without end', (response) => void response.socket?.write(`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(1_000_000)}`), 502, 'upstream_unavailable'],
    ['that sends headers without end', (response) => void response.socket?.write(`HTTP/1.1 200 OK\r\n${'X-More: 1\r\n'.repeat(100_000)}`), 502, 'upstream_unavailable'],
    ['that splits a header', (response) => void response.socket?.end('HTTP/1.1 200 OK\r\nX-A: 1\rSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n'), 502, 'upstream_unavailable'],
    ['that answers a status of no class', (response) => void response.socket?.end('HTTP/1.1 700 What\r\nContent-Length: 0\r\n\r\n'), 502, 'invalid_upstream_answer'],
  ])('%s costs its request only', async (_, serve, status, error) => {
    const app = await startApp();
    app.serve = (_request, response) => serve(response);
    const headers = await app.signIn();
    const answer = await app.ask('/api/posts', { headers });
    expect([answer.status, answer.headers['x-session-error'], answer.headers['set-cookie']]).toEqual([status, error, undefined]);
    app.serve = (_request, response) => void response.end('well');
    expect((await app.ask('/api/posts', { headers })).body).toBe('well');
  });

  // claim: proxy-broken-answer
  it.each([
    ['closes the connection', (response: ServerResponse) => void response.write('half', () => response.socket?.destroy())],
    ['states a longer length', (response: ServerResponse) => void response.socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')],
  ])('that %s in its answer breaks the answer of the page, too', async (_, serve) => {
    const app = await startApp();
    app.serve = (_request, response) => serve(response);
    const answer = await app.ask('/api/posts', { headers: await app.signIn() });
    expect([answer.status, answer.body, answer.isBroken]).toEqual([200, 'half', true]);
  });

  it('that states a shorter length gets no further answer through', async () => {
    const app = await startApp();
    app.serve = (_request, response) => void response.socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhalfHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhidden');
    const headers = await app.signIn();
    expect((await app.ask('/api/posts', { headers })).body).toBe('half');
    app.serve = (_request, response) => void response.end('well');
    expect((await app.ask('/api/posts', { headers })).body).toBe('well');
  });

  // claim: proxy-timeout
  it('that sends no headers gets 504, and its request is aborted', async () => {
    const { timeoutMs, platform, expire } = createTimeout();
    const app = await startApp({ platform, upstream: { timeoutMs } });
    let isAborted = false;
    app.serve = (_request, response) => {
      response.on('close', () => (isAborted = true));
      expire();
    };
    const answer = await app.ask('/api/posts', { headers: await app.signIn() });
    expect([answer.status, answer.headers['x-session-error']]).toEqual([504, 'upstream_timeout']);
    await expect.poll(() => isAborted).toBe(true);
  });

  it('that cannot be reached gets 502, and is printed without the rest of the address', async () => {
    const server = await listen(createServer());
    await server.close();
    const warnings: string[] = [];
    const platform = { ...serverPlatform(), warn: (text: string) => void warnings.push(text) };
    const app = await startApp({ platform, allowedOrigins: [server.origin], upstream: { to: `${server.origin}/v1` } });
    const answer = await app.ask('/api/posts?q=private', { headers: await app.signIn() });
    expect([answer.status, answer.headers['x-session-error']]).toEqual([502, 'upstream_unavailable']);
    expect(warnings).toEqual([`unexpired: the proxy got no answer from ${server.origin}: TypeError (ECONNREFUSED).`]);
  });

  it('that takes longer for its body than the timeout is not cut', async () => {
    const { timeoutMs, platform, waiting, expire } = createTimeout();
    const app = await startApp({ platform, upstream: { timeoutMs } });
    let answer!: ServerResponse;
    app.serve = (_request, response) => void (answer = response).write('slow');
    const { seen } = openGet(app, '/api/posts', await app.signIn());
    await expect.poll(() => seen.text).toBe('slow');
    expect(waiting()).toBe(0);
    expire();
    answer.end(' end');
    await expect.poll(() => [seen.text, seen.isOver]).toEqual(['slow end', true]);
  });
});

describe('a stream of events', () => {
  async function streaming() {
    const app = await startApp();
    let stream!: ServerResponse;
    const ends: string[] = [];
    app.serve = (request, response) => {
      stream = response;
      response.on('close', () => ends.push(String(request.headers['last-event-id'])));
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    };
    const headers = await app.signIn();
    const open = openGet(app, '/api/events', { ...headers, 'last-event-id': '7' });
    await expect.poll(() => open.seen.text).toBe('data: 1\n\n');
    return { app, ends, headers, ...open, write: (text: string) => void stream.write(text) };
  }

  // claim: proxy-events
  it('arrives event by event, with headers that forbid servers in between to hold or change it', async () => {
    const { seen, write } = await streaming();
    write('data: 2\n\n');
    await expect.poll(() => seen.text).toBe('data: 1\n\ndata: 2\n\n');
    expect(seen.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'private, no-store, no-transform', 'x-accel-buffering': 'no' });
    expect(seen.isOver).toBe(false);
  });

  it('ends at the API when the page is gone', async () => {
    const { abort, ends, app } = await streaming();
    const printed = vi.spyOn(console, 'error');
    abort();
    await expect.poll(() => ends).toEqual(['7']);
    await app.sessions.close();
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });

  it('ends when the instance closes, so that a deploy does not wait for it', async () => {
    const { app, ends, seen } = await streaming();
    await app.sessions.close();
    await expect.poll(() => [ends, seen.isOver]).toEqual([['7'], true]);
  });

  // claim: proxy-events-end
  it('ends when the session ends, also by another instance', async () => {
    const { app, ends, seen, headers } = await streaming();
    const other = await startApp({ store: app.store });
    await other.sessions.of({ headers: new Headers(headers) }).then((session) => session.signOut());
    await expect.poll(() => [ends, seen.isOver]).toEqual([['7'], true]);
  });
});
