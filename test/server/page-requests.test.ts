import { describe, expect, it } from 'vitest';
import { createInstances, requestWith } from './support/instances.ts';

const APP = 'https://app.example.com';
const OWN = { 'sec-fetch-site': 'same-origin' };

async function signedIn() {
  const setup = createInstances();
  const sessions = setup.start({ signIn: () => setup.server.grant('bob') });
  const { setCookie } = await setup.world.until(sessions.signIn(setup.server.grant('ann')));
  const ask = (path: string, headers: HeadersInit, method = 'POST') => setup.world.until(sessions.handler(requestWith(setCookie, APP + path, { method, headers })));
  const status = async () => (await setup.world.until(sessions.of(requestWith(setCookie)))).snapshot().status;
  return { ...setup, ask, status };
}

describe('a POST of the handler', () => {
  // claim: server-page-header
  it.each([
    ['without a header that a form cannot send', OWN],
    ['without Sec-Fetch-Site, Origin and such a header', {}],
    ['with another value of that header', { ...OWN, 'x-csrf': '0' }],
    ['with an empty x-session', { ...OWN, 'x-session': '' }],
    ['of another site, although it has the header', { 'x-csrf': '1', 'sec-fetch-site': 'cross-site' }],
    ['of another subdomain, although it has the header', { 'x-csrf': '1', 'sec-fetch-site': 'same-site', origin: APP }],
    ['that a user has started without a page', { 'x-csrf': '1', 'sec-fetch-site': 'none' }],
    ['with Sec-Fetch-Site twice', { 'x-csrf': '1', 'sec-fetch-site': 'same-origin, cross-site' }],
    ['of another origin, from a browser without Sec-Fetch-Site', { 'x-csrf': '1', origin: 'https://evil.example' }],
    ['of an opaque origin', { 'x-csrf': '1', origin: 'null' }],
    ['of an origin whose name only begins with that of the app', { 'x-csrf': '1', origin: `${APP}.evil.example` }],
    ['of another port', { 'x-csrf': '1', origin: `${APP}:8443` }],
  ])('%s is refused', async (_, headers) => {
    const { ask, status } = await signedIn();
    for (const path of ['/auth/session', '/auth/sign-in', '/auth/sign-out']) {
      const answer = await ask(path, headers);
      expect([path, answer.status, await answer.json()]).toEqual([path, 403, { error: 'cross_site_request' }]);
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
    expect(await status()).toBe('signedIn');
  });

  it.each([
    ['with x-csrf', { ...OWN, 'x-csrf': '1' }],
    ['with x-session', { ...OWN, 'x-session': 'the-name-of-a-session' }],
    ['from a browser without Sec-Fetch-Site', { 'x-csrf': '1', origin: APP }],
    ['behind a proxy that passes on the Host', { 'x-csrf': '1', origin: 'https://shop.example.com', host: 'shop.example.com' }],
    ['of a program that has no origin', { 'x-csrf': '1' }],
  ])('%s is answered', async (_, headers) => {
    const { ask } = await signedIn();
    expect((await ask('/auth/session', headers)).status).toBe(200);
  });

  it('never gets a header that lets another origin read the answer', async () => {
    const { ask } = await signedIn();
    const preflight = { origin: 'https://evil.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-csrf' };
    for (const path of ['/auth/session', '/auth/sign-in', '/auth/sign-out', '/auth/token', '/auth/events', '/auth/other']) {
      const answers = [await ask(path, preflight, 'OPTIONS'), await ask(path, { 'x-csrf': '1', origin: 'https://evil.example' })];
      for (const { status, headers } of answers) {
        expect([403, 404, 405]).toContain(status);
        expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
    }
  });
});
