import { bonfire } from 'unexpired/bonfire';
import { oauth2 } from 'unexpired/oauth2';
import { simulate } from 'unexpired/testing';
import type { AuthClient, Protocol } from 'unexpired/core';
import { describe, expect, it } from 'vitest';
import { BASE_URL, createSetup, isRefresh, LIFETIME_MS, rejection } from '../support/setup.ts';

const PAGE = '<!doctype html><html><body>Welcome to the hotel</body></html>';

const PROTOCOLS: readonly (readonly [string, Protocol, string])[] = [
  ['oauth2', oauth2({ tokenEndpoint: `${BASE_URL}/oauth`, clientId: 'app', resourceOrigins: [new URL(BASE_URL).origin] }), 'tokenEndpoint'],
  ['bonfire', bonfire({ baseUrl: BASE_URL, appKey: 'app-key' }), 'baseUrl'],
];

const ANSWERS: readonly (readonly [string, () => Response])[] = [
  ['404', () => new Response('', { status: 404 })],
  ['405', () => new Response('', { status: 405 })],
  ['200 with an HTML page', () => new Response(PAGE, { headers: { 'content-type': 'text/html' } })],
];

/** A tab whose refreshes get the given answers, and the real ones while there are none. */
function openPage(protocol: Protocol) {
  const setup = createSetup();
  const { platform } = setup.world.openTab();
  const page: { answer: (() => Response) | null; refreshes: number } = { answer: null, refreshes: 0 };
  const { auth } = setup.open({
    protocol,
    platform: {
      ...platform,
      async fetch(input, init) {
        const request = new Request(input, init);
        if (!isRefresh(request)) return platform.fetch(request);
        page.refreshes++;
        return page.answer ? page.answer() : platform.fetch(request);
      },
    },
  });
  return { setup, auth, page };
}

const signIn = (auth: AuthClient, now: number) => auth.signIn({ accessToken: 'a', refreshToken: 'r', expiresAt: now + LIFETIME_MS, scopes: [] });

describe.each(PROTOCOLS)('a wrong address of the token endpoint of %s', (_, protocol, setting) => {
  it.each(ANSWERS)('is reported as misconfigured at the first refresh of a page that answers %s', async (answered, answer) => {
    const { setup, auth, page } = openPage(protocol);
    await setup.world.until(signIn(auth, setup.world.now()));
    page.answer = answer;
    await setup.world.advance(2 * LIFETIME_MS);
    const error = await setup.world.until(rejection(auth.fetch(`${BASE_URL}/users/me`)));
    expect(error).toMatchObject({ code: 'misconfigured', transient: true, message: `\`${BASE_URL}/oauth\` answered ${answered}: check \`${setting}\`.` });
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'waiting', error: { code: 'misconfigured' } } });
  });
});

it('a page of a captive portal after a grant of the same endpoint is a transient failure', async () => {
  const { setup, auth, page } = openPage(bonfire({ baseUrl: BASE_URL, appKey: 'app-key' }));
  await setup.signIn(auth);
  page.answer = () => new Response(PAGE, { headers: { 'content-type': 'text/html' } });
  await setup.world.advance(2 * LIFETIME_MS);
  expect(await setup.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'refresh_unavailable', transient: true });
  page.answer = null;
  await setup.world.advance(LIFETIME_MS);
  expect(auth.getSnapshot().refresh.state).toBe('idle');
  expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
});

it('a page that reports a wrong address keeps to the backoff', async () => {
  const { setup, auth, page } = openPage(bonfire({ baseUrl: BASE_URL, appKey: 'app-key' }));
  await setup.world.until(signIn(auth, setup.world.now()));
  page.answer = () => new Response('', { status: 404 });
  await setup.world.advance(10 * 60_000 + LIFETIME_MS);
  expect(page.refreshes).toBeGreaterThan(5);
  expect(page.refreshes).toBeLessThan(60);
});

it('a wrong address is not reported while the device is offline, and is reported again when it is online', async () => {
  const { setup, auth, page } = openPage(bonfire({ baseUrl: BASE_URL, appKey: 'app-key' }));
  await setup.world.until(signIn(auth, setup.world.now()));
  page.answer = () => new Response('', { status: 404 });
  await setup.world.advance(2 * LIFETIME_MS);
  const messageOf = async () => String(await setup.world.until(rejection(auth.fetch('/users/me'))));
  expect(await messageOf()).toContain('answered 404');
  simulate(auth, 'offline');
  await setup.world.advance(2 * LIFETIME_MS);
  expect(auth.getSnapshot().refresh.error).toMatchObject({ code: 'refresh_unavailable', message: expect.stringContaining('offline') });
  simulate(auth, 'online');
  await setup.world.advance(2 * LIFETIME_MS);
  expect(await messageOf()).toContain('answered 404');
});
