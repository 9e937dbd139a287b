import type { Grant, Platform } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { expect, it } from 'vitest';
import { BASE_URL, createSetup, rejection } from '../support/setup.ts';

it('a token request takes no cookies, no cached answer and no redirect, and only a revocation survives the page', async () => {
  const setup = createSetup();
  const { platform } = setup.world.openTab();
  const sent: (readonly [path: string, init: RequestInit | undefined])[] = [];
  const { pathname: base, origin } = new URL(BASE_URL);
  const { auth } = setup.open({
    protocol: oauth2({ tokenEndpoint: `${BASE_URL}/token`, revocationEndpoint: `${BASE_URL}/revoke`, clientId: 'app', resourceOrigins: [origin] }),
    platform: {
      ...platform,
      fetch(input, init) {
        sent.push([new URL(String(input)).pathname.slice(base.length), init]);
        return Promise.resolve(Response.json({ access_token: 'a2', expires_in: 3600 }));
      },
    },
  });
  const { until } = setup.world;
  await until(auth.requestTokens({
    request: { url: `${BASE_URL}/grant`, method: 'POST', headers: {}, secrets: [] },
    read: () => ({ kind: 'granted', tokens: {} }),
  }));
  await until(auth.signIn({ accessToken: 'a1', refreshToken: 'r1', expiresAt: null, scopes: [] }));
  await until(auth.refresh());
  await until(auth.signOut());
  const careful = { cache: 'no-store', credentials: 'omit', redirect: 'error' };
  expect(sent).toMatchObject([
    ['/grant', { ...careful, keepalive: false }],
    ['/token', { ...careful, keepalive: false }],
    ['/revoke', { ...careful, keepalive: true }],
  ]);
});

it('a grant whose address is not at an allowed origin is refused and not sent', async () => {
  const setup = createSetup();
  const { auth } = setup.open();
  const urls: string[] = [];
  setup.world.onExchange = ({ url }) => void urls.push(url);
  for (const url of ['https://elsewhere.test/oauth', '//elsewhere.test/oauth']) {
    const grant: Grant = { request: { url, method: 'POST', headers: {}, secrets: [] }, read: () => ({ kind: 'granted', tokens: {} }) };
    for (const ask of [auth.requestTokens, auth.signIn]) {
      expect(await setup.world.until(rejection(ask(grant)))).toMatchObject({ code: 'origin_not_allowed', message: expect.stringContaining('https://elsewhere.test') });
    }
  }
  expect(urls).toEqual([]);
});

it('tokens are not refreshed again if the device’s clock was set back while they were requested', async () => {
  const setup = createSetup();
  const { auth } = await setup.openSignedIn();
  const refreshed = auth.refresh();
  await setup.refreshSent();
  setup.world.skewMs = -3600_000;
  await setup.world.until(refreshed);
  for (let call = 0; call < 3; call++) expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  expect(setup.answers('refresh')).toEqual([200]);
});

it('a grant that the API answers with Retry-After fails with the time at which to try again', async () => {
  const setup = createSetup();
  const { auth, tab } = setup.open();
  const { until } = setup.world;
  const answered: Platform['fetch'] = () => Promise.resolve(new Response('', { status: 503, headers: { 'retry-after': '7' } }));
  const { auth: busy } = setup.open({ platform: { ...tab.platform, fetch: answered } });
  const startedAt = setup.world.now();
  const grant = setup.protocol.createBotTokens(['ember']);
  expect(await until(rejection(busy.signIn(grant)))).toMatchObject({ code: 'grant_unavailable', transient: true, retryAt: startedAt + 7000 });
  expect(Object.keys(await until(auth.requestTokens(grant)))).toEqual(['ember']);
});
