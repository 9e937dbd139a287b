import { request as send, type IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startApp, type ProxiedApp } from './support/proxied-app.ts';
import { createTimeout } from './support/timeout.ts';

const KIB = 1024;

/** Starts a POST whose body the test sends part by part. */
function openPost(app: ProxiedApp, headers: Record<string, string>) {
  const outgoing = send(app.origin, { path: '/api/upload', method: 'POST', headers, agent: false });
  outgoing.on('error', () => undefined); // The test breaks the connection itself.
  const answer = new Promise<{ status: number; error: unknown }>((resolve) => {
    outgoing.on('response', (incoming) => {
      incoming.on('error', () => undefined).resume();
      resolve({ status: incoming.statusCode ?? 0, error: incoming.headers['x-session-error'] });
    });
  });
  return { outgoing, answer };
}

describe('the body of a proxied request', () => {
  // claim: proxy-replay
  it('is sent again after a refresh, if it is small', async () => {
    const app = await startApp();
    const headers = await app.signIn();
    app.revoke();
    const answer = await app.ask('/api/upload', { method: 'POST', headers, body: 'x'.repeat(64 * KIB) });
    expect([answer.status, app.refreshes, app.received.map(({ headers: { authorization } }) => authorization)]).toEqual([200, 1, ['Bearer ann-access-1', 'Bearer ann-access-2']]);
    expect((await Promise.all(app.received.map(({ body }) => body))).map((body) => body?.length)).toEqual([64 * KIB, 64 * KIB]);
  });

  // claim: proxy-no-replay
  it('is not sent again if it is large, and the page learns why', async () => {
    const app = await startApp();
    const headers = await app.signIn();
    app.revoke();
    const first = await app.ask('/api/upload', { method: 'POST', headers, body: 'x'.repeat(64 * KIB + 1) });
    expect([first.status, first.headers['x-session-error'], JSON.parse(first.body)]).toEqual([401, 'body_not_replayed', { error: 'body_not_replayed' }]);
    const second = await app.ask('/api/upload', { method: 'POST', headers, body: 'x'.repeat(64 * KIB + 1) });
    expect([second.status, app.refreshes]).toEqual([200, 1]);
  });

  it('of a 401 that is not about the token belongs to the API, also after a large body', async () => {
    const app = await startApp();
    app.serve = (_, response) => response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"locked"}');
    const answer = await app.ask('/api/upload', { method: 'POST', headers: await app.signIn(), body: 'x'.repeat(80 * KIB) });
    expect([answer.status, answer.headers['x-session-error'], answer.body, app.refreshes]).toEqual([401, undefined, '{"error":"locked"}', 0]);
  });

  it('is streamed with its length, and as slowly as the API reads it', async () => {
    const app = await startApp();
    const { outgoing, answer } = openPost(app, { ...(await app.signIn()), 'content-length': `${200 * KIB}` });
    outgoing.write('a'.repeat(KIB));
    await expect.poll(() => app.received.length).toBe(1); // The API has the headers, before the body is whole.
    expect(app.received[0]?.headers).toMatchObject({ 'content-length': `${200 * KIB}` });
    outgoing.end('b'.repeat(199 * KIB));
    expect((await answer).status).toBe(200);
    expect((await app.received[0]?.body)?.length).toBe(200 * KIB);
  });

  it('is streamed without a length if it has none', async () => {
    const app = await startApp();
    const { outgoing, answer } = openPost(app, { ...(await app.signIn()), 'transfer-encoding': 'chunked' });
    outgoing.write('a'.repeat(65 * KIB));
    await expect.poll(() => app.received.length).toBe(1);
    outgoing.end('b');
    expect((await answer).status).toBe(200);
    expect((await app.received[0]?.body)?.length).toBe(65 * KIB + 1);
    expect(app.received[0]?.headers['content-length']).toBeUndefined();
  });

  // claim: proxy-body-limit
  it('is refused by its stated length, before anything is sent', async () => {
    const app = await startApp({ upstream: { maxBodyBytes: 100 * KIB } });
    const headers = await app.signIn();
    const answer = await app.ask('/api/upload', { method: 'POST', headers, body: 'x'.repeat(100 * KIB + 1) });
    expect([answer.status, answer.headers['x-session-error'], app.received.length]).toEqual([413, 'body_too_large', 0]);
    expect((await app.ask('/api/upload', { method: 'POST', headers, body: 'x'.repeat(100 * KIB) })).status).toBe(200);
  });

  it('that states no length is refused when it gets too long, and never completed at the API', async () => {
    const app = await startApp({ upstream: { maxBodyBytes: 100 * KIB } });
    const { outgoing, answer } = openPost(app, { ...(await app.signIn()), 'transfer-encoding': 'chunked' });
    outgoing.end('x'.repeat(300 * KIB));
    expect(await answer).toEqual({ status: 413, error: 'body_too_large' });
    expect(await app.received[0]?.body ?? null).toBeNull();
  });

  // claim: proxy-abort
  it.each([
    ['small, so the API gets nothing', KIB, { 'content-length': `${2 * KIB}` }, 0],
    ['large, so the API gets a broken request', 80 * KIB, { 'content-length': `${100 * KIB}` }, 1],
    ['large and without a length', 80 * KIB, { 'transfer-encoding': 'chunked' }, 1],
  ])('that stops halfway is never completed at the API: %s', async (_, sent, headers, arrived) => {
    const app = await startApp();
    const { outgoing } = openPost(app, { ...(await app.signIn()), ...headers });
    outgoing.write('x'.repeat(sent));
    if (arrived > 0) await expect.poll(() => app.received.length).toBe(arrived);
    else await new Promise((resolve) => void setImmediate(resolve));
    outgoing.destroy();
    await app.sessions.close();
    expect(app.received.length).toBe(arrived);
    expect(await app.received[0]?.body ?? null).toBeNull();
  });

  it('that the API does not wait for is never completed there', async () => {
    const app = await startApp();
    const requests: IncomingMessage[] = [];
    app.serve = (request, response) => void (requests.push(request), response.writeHead(409).end());
    const { outgoing, answer } = openPost(app, { ...(await app.signIn()), 'transfer-encoding': 'chunked' });
    outgoing.write('x'.repeat(80 * KIB));
    expect((await answer).status).toBe(409);
    await expect.poll(() => requests.map(({ complete, socket }) => [complete, socket.destroyed])).toEqual([[false, true]]);
    outgoing.destroy();
  });

  it('that never comes gets 408', async () => {
    const { timeoutMs, platform, waiting, expire } = createTimeout();
    const app = await startApp({ platform, upstream: { timeoutMs } });
    const { outgoing, answer } = openPost(app, { ...(await app.signIn()), 'content-length': '10' });
    outgoing.write('x');
    await expect.poll(waiting).toBe(1);
    expire();
    expect(await answer).toEqual({ status: 408, error: 'request_timeout' });
    expect(app.received).toEqual([]);
    outgoing.destroy();
  });
});
