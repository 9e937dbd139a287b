import { getRequestListener } from '@hono/node-server';
import { memory, serverPlatform } from 'unexpired/server';
import { expect, it } from 'vitest';
import { startApp } from './support/proxied-app.ts';

const MINUTE = 60_000;

/** Starts an app with limits over real HTTP. Its clocks can be moved. */
async function startLimited() {
  let passedMs = 0;
  const real = serverPlatform();
  const now = () => ({ wall: real.now().wall + passedMs, monotonic: real.now().monotonic + passedMs });
  const limits = { idle: { timeoutMs: 15 * MINUTE }, maxSessionMs: 60 * MINUTE };
  const app = await startApp({ ...limits, platform: { ...real, now }, store: memory({ now }) }, (sessions) =>
    getRequestListener((request) => (new URL(request.url).pathname.startsWith('/auth/') ? sessions.handler(request) : sessions.proxy(request))));
  const headers = await app.signIn();
  const ask = async (path: string, method = 'GET') => {
    const { status, body, headers: answered } = await app.ask(path, { method, headers });
    return { status, error: answered['x-session-error'], body: JSON.parse(body) as unknown };
  };
  return { app, ask, pass: (minutes: number) => void (passedMs += minutes * MINUTE) };
}

it('an idle session gets 401 with the reason over HTTP, from the proxy and from the handler, and the API gets nothing', async () => {
  const { app, ask, pass } = await startLimited();
  expect((await ask('/api/posts')).status).toBe(200);
  pass(14);
  expect(await ask('/auth/session', 'POST')).toMatchObject({ status: 200, body: { ends: { idle: expect.any(Number), session: expect.any(Number) } } });
  pass(2);
  expect(await ask('/api/posts')).toEqual({ status: 401, error: 'signed_out', body: { error: 'signed_out', endReason: 'idle' } });
  expect(await ask('/auth/session', 'POST')).toMatchObject({ status: 401, body: { endReason: 'idle' } });
  expect(await ask('/auth/session')).toMatchObject({ status: 200, body: { status: 'signedOut', endReason: 'idle' } });
  expect(app.received).toHaveLength(1);
});

it('a session that is used all the time ends as expired over HTTP', async () => {
  const { ask, pass } = await startLimited();
  for (let minutes = 0; minutes < 60; minutes += 10) {
    expect((await ask('/api/posts')).status).toBe(200);
    pass(10);
  }
  expect(await ask('/auth/activity', 'POST')).toMatchObject({ status: 401, body: { endReason: 'expired' } });
  expect(await ask('/api/posts')).toMatchObject({ status: 401, body: { endReason: 'expired' } });
});
