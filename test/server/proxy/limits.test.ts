import { request as send, type ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createInstances, requestWith } from '../support/instances.ts';
import { startApp, type ProxiedApp } from './support/proxied-app.ts';
import { createTimeout } from './support/timeout.ts';

const PAGE = { headers: { 'sec-fetch-site': 'same-origin' } };
const POSTS = 'https://app.example.com/api/posts';

/** Sends many requests of one session whose token has expired, at once, in simulated time. */
async function burst(count: number, upstream: object) {
  const { world, server, start } = createInstances();
  const sessions = start({ proxy: { '/api': { to: 'https://api.example.com/v1', ...upstream } } });
  const { setCookie } = await world.until(sessions.signIn(server.grant('ann')));
  await world.advance(11 * 60_000);
  const ask = async () => {
    const answer = await sessions.proxy(requestWith(setCookie, POSTS, PAGE));
    return { status: answer.status, retryAfter: answer.headers.get('retry-after'), body: await answer.text() };
  };
  const answers = await world.until(Promise.all(Array.from({ length: count }, ask)));
  return { answers, server, ask: () => world.until(ask()) };
}

describe('a burst of requests of one session', () => {
  // claim: proxy-burst
  it('is answered after one refresh, if so many may pass at once', async () => {
    const { answers, server } = await burst(2000, { maxConcurrent: 2000 });
    expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(new Set(['200 {"user":"ann"}']));
    expect([server.sent.length, server.reuses]).toEqual([1, 0]);
  });

  // claim: proxy-concurrency
  it('of 10,000 is answered up to the limit, and the others get 429 at once', async () => {
    const { answers, server, ask } = await burst(10_000, {});
    const refused = answers.filter(({ status }) => status === 429);
    expect([answers.filter(({ status }) => status === 200).length, refused.length]).toEqual([100, 9900]);
    expect(new Set(refused.map(({ retryAfter, body }) => `${retryAfter} ${body}`))).toEqual(new Set(['1 {"error":"too_many_requests"}']));
    expect(server.sent.length).toBe(1);
    expect((await ask()).status).toBe(200);
  });
});

describe('a refresh that goes on after the answer', () => {
  it('is given to waitUntil of the request', async () => {
    const { world, server, start } = createInstances();
    const sessions = start({ proxy: { '/api': { to: 'https://api.example.com/v1' } } });
    const { setCookie } = await world.until(sessions.signIn(server.grant('ann')));
    await world.advance(9 * 60_000);
    const tasks: Promise<unknown>[] = [];
    const answer = await world.until(sessions.proxy(requestWith(setCookie, POSTS, PAGE), { waitUntil: (task) => void tasks.push(task) }));
    expect([answer.status, server.accepted]).toEqual([200, ['ann-access-1']]);
    await world.until(Promise.all(tasks));
    expect(server.sent).toEqual(['ann-refresh-1']);
  });
});

describe('the place of a request', () => {
  /** An app with one place. Each request to /api/open stays open until the test ends it. */
  async function onePlace(upstream: object = {}) {
    const { timeoutMs, platform, expire } = createTimeout();
    const app = await startApp({ platform, upstream: { maxConcurrent: 1, timeoutMs, ...upstream } });
    const open: ServerResponse[] = [];
    app.serve = (request, response) => void (request.url === '/v1/open' ? open.push(response) : response.end('1'));
    const headers = await app.signIn();
    const status = async (request = {}, path = '/api/posts') => (await app.ask(path, { headers, ...request })).status;
    return { app, open, headers, status, expire };
  }

  function start(app: ProxiedApp, headers: Record<string, string>) {
    const outgoing = send(app.origin, { path: '/api/open', headers, agent: false }, (incoming) => void incoming.on('error', () => undefined).resume());
    outgoing.on('error', () => undefined).end();
    return outgoing;
  }

  it('is taken until the end of the answer, and only in its session', async () => {
    const { app, open, headers, status } = await onePlace();
    start(app, headers);
    await expect.poll(() => open.length).toBe(1);
    expect(await status()).toBe(429);
    open[0]?.writeHead(200).write('half');
    expect(await status()).toBe(429);
    expect(await status({ headers: await app.signIn('bob') })).toBe(200);
    open[0]?.end();
    await expect.poll(() => status()).toBe(200);
  });

  it('is free when the page is gone, before and after the headers of the answer', async () => {
    const { app, open, headers, status } = await onePlace();
    for (const hasHeaders of [false, true]) {
      const outgoing = start(app, headers);
      await expect.poll(() => open.length).toBe(1);
      if (hasHeaders) open.pop()?.writeHead(200).write('half');
      outgoing.destroy();
      open.length = 0;
      await expect.poll(() => status()).toBe(200);
    }
  });

  it('is free after each kind of refusal and answer', async () => {
    const { app, open, headers, status, expire } = await onePlace({ maxBodyBytes: 10 });
    expect(await status({ method: 'HEAD' })).toBe(200);
    expect(await status({ method: 'POST', body: 'x'.repeat(11) })).toBe(413);
    expect(await status({ method: 'POST', headers: { ...headers, 'transfer-encoding': 'chunked' }, body: 'x'.repeat(11) })).toBe(413);
    expect(await status({ headers: { ...headers, 'x-session': 'another' } })).toBe(401);
    const late = status({}, '/api/open');
    await expect.poll(() => open.length).toBe(1);
    expire();
    expect(await late).toBe(504);
    for (const code of [204, 304, 500]) {
      app.serve = (_, response) => response.writeHead(code).end();
      expect(await status()).toBe(code);
    }
  });
});
