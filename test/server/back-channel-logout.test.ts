import { AuthError, type HandlerOptions } from 'unexpired/server';
import { describe, expect, it } from 'vitest';
import { createInstances, requestWith } from './support/instances.ts';

const APP = 'https://app.example.com';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Reads `logout_token=of-ann`, which stands for a signed token. */
const verify: HandlerOptions['backChannelLogout'] = async (request) => {
  const token = new URLSearchParams(await request.text()).get('logout_token') ?? '';
  if (!token.startsWith('of-')) throw new TypeError(`signature verification failed of ${token}`);
  return { subject: token.slice(3) };
};

async function signedIn(backChannelLogout: HandlerOptions['backChannelLogout'] = verify) {
  const setup = createInstances();
  const { world, server } = setup;
  const warnings: string[] = [];
  const start = () => setup.start({ backChannelLogout, platform: { ...setup.platform(), warn: (text) => void warnings.push(text) } });
  const [one, other] = [start(), start()];
  const cookies: string[] = [];
  for (const [sessions, user] of [[one, 'ann'], [other, 'ann'], [one, 'bob']] as const) cookies.push((await world.until(sessions.signIn(server.grant(user)))).setCookie);
  const logout = (body: string, method = 'POST', sessions = one) => world.until(sessions.handler(new Request(`${APP}/auth/back-channel-logout`, { method, ...(method === 'POST' && { body }), headers: FORM })));
  const statuses = () => Promise.all(cookies.map(async (cookie) => (await world.until(other.of(requestWith(cookie)))).snapshot().status));
  return { ...setup, one, other, logout, statuses, warnings };
}

describe('POST /auth/back-channel-logout', () => {
  // claim: server-back-channel-logout
  it('ends all sessions of the user that the token names, on all instances, and of no other user', async () => {
    const { logout, statuses, server, world } = await signedIn();
    const answer = await logout('logout_token=of-ann');
    expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('set-cookie')]).toEqual([200, 'no-store', null]);
    expect(await statuses()).toEqual(['signedOut', 'signedOut', 'signedIn']);
    await world.advance(1000);
    expect(server.revoked).toContain('ann-refresh-1');
  });

  it('answers 200 for a user without a session', async () => {
    expect((await (await signedIn()).logout('logout_token=of-eve')).status).toBe(200);
  });

  // claim: server-back-channel-logout-refused
  it.each([
    ['that is not signed by the issuer', 'logout_token=stolen', verify],
    ['that names no user', 'logout_token=of-', verify],
    ['that the app refuses by null', 'logout_token=of-ann', () => null as never],
    ['without a user, as a text', 'logout_token=of-ann', () => 'ann' as never],
  ])('answers 400 to a token %s, and ends nothing', async (_, body, verifier) => {
    const { logout, statuses, warnings } = await signedIn(verifier);
    const answer = await logout(body);
    expect([answer.status, await answer.json(), answer.headers.get('cache-control')]).toEqual([400, { error: 'invalid_request' }, 'no-store']);
    expect(await statuses()).toEqual(['signedIn', 'signedIn', 'signedIn']);
    expect(warnings).toEqual([expect.stringMatching(/back-channel logout/)]);
    expect(warnings[0]).not.toMatch(/stolen|of-ann/);
  });

  it('answers 400 with the code if the logout fails, so that the issuer does not take it for done', async () => {
    const { logout } = await signedIn(() => {
      throw new AuthError('storage_unavailable', 'The store is down.');
    });
    const answer = await logout('logout_token=of-ann');
    expect([answer.status, await answer.json()]).toEqual([400, { error: 'storage_unavailable' }]);
  });

  it('is not there without the option, and takes no GET', async () => {
    expect((await (await signedIn()).logout('', 'GET')).status).toBe(405);
    const { start, world } = createInstances();
    const request = new Request(`${APP}/auth/back-channel-logout`, { method: 'POST', headers: { 'x-csrf': '1' } });
    expect((await world.until(start().handler(request))).status).toBe(404);
  });
});
