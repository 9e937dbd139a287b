import type { SessionsConfig } from 'unexpired/server';
import { describe, expect, it } from 'vitest';
import { createInstances, requestWith } from './support/instances.ts';

const APP = 'https://app.example.com';
const MINUTE = 60_000;

interface TokenBody {
  readonly accessToken: string;
  readonly generation: number;
}

async function mediated(config: Partial<SessionsConfig> = {}) {
  const setup = createInstances();
  const { server, world } = setup;
  const start = () => setup.start({ tokens: 'page', signIn: async (request) => server.grant(await request.text()), ...config });
  const [one, other] = [start(), start()];
  const { setCookie } = await world.until(one.signIn(server.grant('ann')));
  const post = (path: string, body: string, { sessions = one, cookie = setCookie, headers = {} } = {}) =>
    sessions.handler(requestWith(cookie, APP + path, { method: 'POST', body, headers: { 'x-csrf': '1', 'sec-fetch-site': 'same-origin', ...headers } }));
  const ask = (after: number | null, options = {}) => post('/auth/token', JSON.stringify({ after }), options);
  const token = async (after: number | null, options = {}) => (await (await world.until(ask(after, options))).json()) as TokenBody;
  return { ...setup, one, other, setCookie, post, ask, token };
}

describe('POST /auth/token', () => {
  // claim: server-page-token
  it('answers the access token, and never the refresh token', async () => {
    const { world, ask, one, setCookie, server } = await mediated();
    const { session } = (await world.until(one.of(requestWith(setCookie)))).snapshot();
    const answer = await world.until(ask(null));
    expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('set-cookie')]).toEqual([200, 'no-store', null]);
    const text = await answer.text();
    const expiresAt = world.now() + server.lifetimeMs;
    expect(JSON.parse(text)).toEqual({ session, subject: 'ann', issuedAt: world.now(), accessToken: 'ann-access-1', expiresAt, scopes: [], generation: 1 });
    expect(text).not.toContain('refresh');
    expect(server.sent).toEqual([]);
  });

  it('refreshes if the page names the token that the server has', async () => {
    const { token, server } = await mediated();
    expect(await token(1)).toMatchObject({ accessToken: 'ann-access-2', generation: 2 });
    expect(server.sent).toEqual(['ann-refresh-1']);
  });

  // claim: server-page-token-one-refresh
  it('refreshes once if 20 tabs name the same token on two instances at the same time', async () => {
    const { world, ask, one, other, server } = await mediated();
    const answers = await world.until(Promise.all(Array.from({ length: 20 }, (_, tab) => ask(1, { sessions: tab % 2 ? one : other }))));
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as TokenBody[];
    expect(new Set(bodies.map(({ accessToken, generation }) => `${accessToken} ${generation}`))).toEqual(new Set(['ann-access-2 2']));
    expect([server.sent, server.reuses]).toEqual([['ann-refresh-1'], 0]);
  });

  it('costs no refresh if a late tab names an older token', async () => {
    const { token, other, server } = await mediated();
    await token(1);
    expect(await token(1, { sessions: other })).toMatchObject({ generation: 2 });
    expect(await token(null, { sessions: other })).toMatchObject({ generation: 2 });
    expect(server.sent).toHaveLength(1);
  });

  it('compares no token of a page whose session was another one', async () => {
    const { token, server } = await mediated();
    expect(await token(1, { headers: { 'x-session': 'the-name-of-former-one' } })).toMatchObject({ accessToken: 'ann-access-1', generation: 1 });
    expect(server.sent).toEqual([]);
  });

  it('joins the refresh that a request has started before expiry', async () => {
    const { world, token, server } = await mediated();
    await world.advance(8 * MINUTE);
    expect(await token(1)).toMatchObject({ generation: 2 });
    expect(server.sent).toHaveLength(1);
  });

  it('answers 503 with Retry-After if the API does not refresh, and goes on later', async () => {
    const { world, ask, token, server } = await mediated();
    server.fault = () => new Response('', { status: 503, headers: { 'retry-after': '120' } });
    const answer = await world.until(ask(1));
    expect([answer.status, await answer.json()]).toEqual([503, { error: 'refresh_unavailable' }]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(100);
    expect(await token(null)).toMatchObject({ generation: 1 });
    server.fault = null;
    await world.advance(3 * MINUTE);
    expect(await token(1)).toMatchObject({ generation: 2 });
  });

  it('answers 401 with the reason if the API has ended the session', async () => {
    const { world, ask, server } = await mediated();
    server.fault = () => Response.json({ error: 'invalid_grant' }, { status: 400 });
    const refused = await world.until(ask(1));
    expect([refused.status, await refused.json()]).toEqual([401, { error: 'session_ended', endReason: 'refresh_token_invalid' }]);
    const after = await world.until(ask(1));
    expect([after.status, await after.json()]).toEqual([401, { error: 'signed_out', endReason: 'refresh_token_invalid' }]);
  });

  it('answers 401 after a sign-out on another instance, and no token', async () => {
    const { world, ask, post, other } = await mediated();
    await world.until(ask(null));
    await world.until(post('/auth/sign-out', '', { sessions: other }));
    const answer = await world.until(ask(null));
    expect([answer.status, await answer.json()]).toMatchObject([401, { error: 'signed_out' }]);
  });

  it.each([
    ['no body', ''],
    ['a truncated body', '{"after": 1'],
    ['another type', '{"after":"1"}'],
    ['no number of a token', '{"after":1.5}'],
    ['a number below 0', '{"after":-1}'],
    ['no member', '{}'],
    ['a list', '[1]'],
    ['a body without end', `{"after":1,"more":"${'x'.repeat(100_000)}"}`],
  ])('answers 400 to %s, and refreshes nothing', async (_, body) => {
    const { world, post, server } = await mediated();
    const answer = await world.until(post('/auth/token', body));
    expect([answer.status, await answer.json()]).toEqual([400, { error: 'invalid_request' }]);
    expect(server.sent).toEqual([]);
  });

  it('is not there unless the app gives its pages tokens', async () => {
    const { world, post } = await mediated({ tokens: undefined });
    expect((await world.until(post('/auth/token', '{"after":null}'))).status).toBe(404);
    const signedIn = await world.until(post('/auth/sign-in', 'bob'));
    expect(await signedIn.text()).not.toMatch(/access-|refresh-/);
  });

  it('has its token in the answer to a sign-in, too', async () => {
    const { world, post } = await mediated();
    const signedIn = await world.until(post('/auth/sign-in', 'bob'));
    expect(await signedIn.json()).toMatchObject({ status: 'signedIn', subject: 'bob', session: expect.any(String), accessToken: 'bob-access-1', generation: 1 });
  });
});

describe('a sign-in whose token has expired already', () => {
  it('fails if no other one can be got, and leaves no session behind that no browser has', async () => {
    const { world, server, start } = createInstances();
    server.fault = () => new Response('', { status: 503 });
    const sessions = start({ tokens: 'page', signIn: () => ({ ...server.grant('ann'), expiresAt: world.now() - 1000 }) });
    const answer = await world.until(sessions.handler(requestWith('', `${APP}/auth/sign-in`, { method: 'POST', headers: { 'x-csrf': '1' } })));
    expect([answer.status, await answer.json(), answer.headers.get('set-cookie')]).toEqual([503, { error: 'refresh_unavailable' }, null]);
    expect(await world.until(sessions.list('ann'))).toEqual([]);
  });
});

describe('a sign-out of a page that shows another session', () => {
  // claim: server-sign-out-of-former-session
  it('ends nothing, because another tab has signed in since', async () => {
    const { world, one, post, server, setCookie } = await mediated();
    const former = (await world.until(one.of(requestWith(setCookie)))).snapshot().session!;
    const cookie = (await world.until(post('/auth/sign-in', 'bob'))).headers.get('set-cookie')!;
    const out = await world.until(post('/auth/sign-out', '', { cookie, headers: { 'x-session': former } }));
    expect([out.status, await out.json(), out.headers.get('set-cookie')]).toEqual([200, { status: 'signedIn' }, null]);
    const session = (await world.until(one.of(requestWith(cookie)))).snapshot();
    expect(session).toMatchObject({ status: 'signedIn', subject: 'bob' });
    expect(server.revoked).not.toContain('bob-refresh-1');

    const own = await world.until(post('/auth/sign-out', '', { cookie, headers: { 'x-session': session.session! } }));
    expect([await own.json(), own.headers.get('set-cookie')]).toEqual([{ status: 'signedOut' }, expect.stringContaining('Max-Age=0')]);
  });

  it('removes the cookie of the session that it shows, also if the API has ended that session', async () => {
    const { world, ask, one, post, server, setCookie } = await mediated();
    const { session } = (await world.until(one.of(requestWith(setCookie)))).snapshot();
    server.fault = () => Response.json({ error: 'invalid_grant' }, { status: 400 });
    await world.until(ask(1));
    const out = await world.until(post('/auth/sign-out', '', { headers: { 'x-session': session! } }));
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
  });
});
