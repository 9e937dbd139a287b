import { AuthError } from 'unexpired/server';
import { describe, expect, it } from 'vitest';
import { createInstances, requestWith } from './support/instances.ts';

const URL_OF = 'https://app.example.com';
const OF_PAGE = { 'sec-fetch-site': 'same-origin', 'x-csrf': '1' };
const post = (path: string, init: RequestInit = {}) => new Request(`${URL_OF}${path}`, { method: 'POST', headers: { origin: URL_OF, ...OF_PAGE }, ...init });

function withHandler() {
  const setup = createInstances();
  const sessions = setup.start({
    async signIn(request) {
      const { name } = (await request.json()) as { name: string };
      if (name === 'eve') throw new AuthError('grant_refused', 'The API refuses the grant (wrong_password).', { apiCode: 'wrong_password' });
      return setup.server.grant(name);
    },
  });
  const ask = (request: Request) => setup.world.until(sessions.handler(request));
  return { ...setup, sessions, ask };
}

describe('the handler', () => {
  // claim: server-session-endpoint
  it('signs a user in, says who is signed in, and signs out', async () => {
    const { ask, server } = withHandler();
    const answer = await ask(post('/auth/sign-in', { body: '{"name":"ann"}' }));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({ status: 'signedIn', subject: 'ann' });
    const cookie = answer.headers.get('set-cookie')!;

    const session = await ask(requestWith(cookie, `${URL_OF}/auth/session`));
    const text = await session.text();
    expect(JSON.parse(text)).toMatchObject({ status: 'signedIn', subject: 'ann', endReason: null });
    expect(text).not.toMatch(/access|refresh/);
    expect(session.headers.get('set-cookie')).toBeNull();

    const out = await ask(requestWith(cookie, `${URL_OF}/auth/sign-out`, { method: 'POST', headers: OF_PAGE }));
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
    expect(await (await ask(requestWith(cookie, `${URL_OF}/auth/session`))).json()).toMatchObject({ status: 'signedOut' });
    expect(server.reuses).toBe(0);
  });

  it('answers a refused sign-in with 401 and the code of the API', async () => {
    const { ask } = withHandler();
    const answer = await ask(post('/auth/sign-in', { body: '{"name":"eve"}' }));
    expect([answer.status, await answer.json()]).toEqual([401, { error: 'grant_refused', apiCode: 'wrong_password' }]);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  // claim: server-cross-site-refused
  it.each([
    ['of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['of another site of the same registrable domain', { 'sec-fetch-site': 'same-site', origin: 'https://blog.example.com' }],
    ['of another origin, from a browser without Sec-Fetch-Site', { origin: 'https://evil.example' }],
    ['of an opaque origin', { origin: 'null' }],
  ])('refuses a sign-out %s', async (_, headers) => {
    const { ask, sessions, world, server } = withHandler();
    const { setCookie } = await world.until(sessions.signIn(server.grant('ann')));
    const answer = await ask(requestWith(setCookie, `${URL_OF}/auth/sign-out`, { method: 'POST', headers: { 'x-csrf': '1', ...headers } }));
    expect(answer.status).toBe(403);
    expect((await world.until(sessions.of(requestWith(setCookie)))).snapshot().status).toBe('signedIn');
  });

  it.each([
    ['GET', '/auth/sign-out', 405],
    ['PUT', '/auth/session', 405],
    ['OPTIONS', '/auth/sign-in', 405],
    ['GET', '/auth/other', 404],
    ['GET', '/auth/', 404],
    ['GET', '/authors/session', 404],
    ['GET', '/auth/toString', 404],
    ['GET', '/auth/session/more', 404],
  ])('answers %s %s with %d', async (method, path, status) => {
    const { ask } = withHandler();
    const answer = await ask(new Request(`${URL_OF}${path}`, { method, headers: OF_PAGE }));
    expect(answer.status).toBe(status);
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/GET|POST/);
  });

  it('has no sign-in unless the app says how', async () => {
    const { start, world } = createInstances();
    expect((await world.until(start().handler(post('/auth/sign-in')))).status).toBe(404);
  });

  it('passes on an error that the sign-in of the app throws', async () => {
    const { start, world } = createInstances();
    const sessions = start({ signIn: () => Promise.reject(new RangeError('a mistake of the app')) });
    await expect(world.until(sessions.handler(post('/auth/sign-in')))).rejects.toThrow(RangeError);
  });

  it('gives the revocation of a sign-out, and of the session before a sign-in, to waitUntil', async () => {
    const { ask: _, sessions, world, server } = withHandler();
    const tasks: Promise<unknown>[] = [];
    const options = { waitUntil: (task: Promise<unknown>) => void tasks.push(task) };
    const ask = (request: Request) => world.until(sessions.handler(request, options));
    const first = (await ask(post('/auth/sign-in', { body: '{"name":"ann"}' }))).headers.get('set-cookie')!;
    const again = requestWith(first, `${URL_OF}/auth/sign-in`, { method: 'POST', headers: OF_PAGE, body: '{"name":"bob"}' });
    const second = (await ask(again)).headers.get('set-cookie')!;
    await world.until(Promise.all(tasks.splice(0)));
    expect(server.revoked).toEqual(['ann-refresh-1']);
    await ask(requestWith(second, `${URL_OF}/auth/sign-out`, { method: 'POST', headers: OF_PAGE }));
    await world.until(Promise.all(tasks));
    expect(server.revoked).toEqual(['ann-refresh-1', 'bob-refresh-1']);
  });

  it('can be given to an adapter that calls it with a second argument of its own', async () => {
    const { start, world } = createInstances();
    const listen = (callback: (request: Request, env: { incoming: string }) => Promise<Response>) => callback(new Request(`${URL_OF}/auth/session`), { incoming: 'a request of Node' });
    expect((await world.until(listen(start().handler))).status).toBe(200);
  });
});
