import { requestTokens, classifyFailure, defineGrant, defineProtocol, type AuthClientConfig, type Platform, type Protocol, type ProtocolDefinition } from 'unexpired/core';
import { createBotTokens } from 'unexpired/bonfire';
import { oauth2 } from 'unexpired/oauth2';
import { describe, expect, it } from 'vitest';
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
  await until(requestTokens(auth, {
    request: { url: `${BASE_URL}/grant`, method: 'POST', headers: {} },
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
    const grant = defineGrant({ request: { url, method: 'POST', headers: {} }, read: () => ({ kind: 'granted', tokens: {} }) });
    for (const ask of [() => requestTokens(auth, grant), () => auth.signIn(grant)]) {
      expect(await setup.world.until(rejection(ask()))).toMatchObject({ code: 'origin_not_allowed', message: expect.stringContaining('https://elsewhere.test') });
    }
  }
  expect(urls).toEqual([]);
});

describe('a token endpoint on another origin than the API', () => {
  const ID = 'https://id.example.test';
  const grant = defineGrant({
    request: { url: `${ID}/login`, method: 'POST', headers: {} },
    read: ({ now }) => ({ kind: 'granted', tokens: { user: { accessToken: 'a', refreshToken: 'r', expiresAt: now + 60_000, scopes: [] } } }),
  });
  const request = (url: string) => ({ url, method: 'POST' as const, headers: {}, secrets: [] });
  const own: Omit<ProtocolDefinition, 'refreshRequest'> = { name: 'own', baseUrl: BASE_URL, isRejection: () => false, readRefresh: (answer) => classifyFailure(answer) };
  const oauth = { tokenEndpoint: `${ID}/token`, clientId: 'app', resourceOrigins: [new URL(BASE_URL).origin] };

  function openWith(protocol: Protocol, config: Partial<AuthClientConfig> = {}) {
    const setup = createSetup();
    const { platform } = setup.world.openTab();
    const sent: string[] = [];
    const { auth } = setup.open({
      ...config,
      protocol,
      platform: { ...platform, fetch: (input) => (sent.push(String(input)), Promise.resolve(Response.json({}))) },
    });
    return { setup, auth, sent };
  }

  // claim: token-endpoints-get-no-call
  it.each([
    ['oauth2', oauth2(oauth)],
    ['oauth2 with a revocation endpoint', oauth2({ ...oauth, tokenEndpoint: `${BASE_URL}/token`, revocationEndpoint: `${ID}/revoke` })],
    ['defineProtocol', defineProtocol({ ...own, refreshRequest: () => request(`${ID}/token`) })],
    ['defineProtocol with its address in `tokenEndpoints`', defineProtocol({ ...own, refreshRequest: () => request('/token'), tokenEndpoints: [`${ID}/login`] })],
  ])('of %s gets grants without `allowedOrigins`, and no call', async (_, protocol) => {
    const { setup, auth, sent } = openWith(protocol);
    expect(await setup.world.until(auth.signIn(grant))).toMatchObject({ accessToken: 'a' });
    const refused = await setup.world.until(rejection(auth.fetch(`${ID}/posts`)));
    expect(refused).toMatchObject({ code: 'origin_not_allowed', field: 'allowedOrigins' });
    expect(sent).toEqual([`${ID}/login`]);
  });

  it('that the protocol does not name gets no grant, and the advice does not open calls to it', async () => {
    const { setup, auth, sent } = openWith(defineProtocol({ ...own, refreshRequest: () => request('/token') }));
    const error = await setup.world.until(rejection(auth.signIn(grant)));
    expect(error).toMatchObject({ code: 'origin_not_allowed', field: 'tokenEndpoints', message: expect.stringContaining('`tokenEndpoints` of the protocol') });
    expect(String(error)).not.toContain('allowedOrigins');
    expect(sent).toEqual([]);
  });

  it('gets no grant by `allowedOrigins`, which is for calls', async () => {
    const { setup, auth } = openWith(defineProtocol({ ...own, refreshRequest: () => request('/token') }), { allowedOrigins: [ID] });
    expect(await setup.world.until(rejection(auth.signIn(grant)))).toMatchObject({ code: 'origin_not_allowed', field: 'tokenEndpoints' });
  });

  it('may depend on the refresh token', () => {
    const refreshRequest = (token: string) => request(new URL(JSON.parse(token).issuer).href);
    expect(defineProtocol({ ...own, refreshRequest }).tokenEndpoints).toEqual([]);
  });
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
  const grant = createBotTokens(setup.protocol, ['ember']);
  expect(await until(rejection(busy.signIn(grant)))).toMatchObject({ code: 'grant_unavailable', transient: true, retryAt: startedAt + 7000 });
  expect(Object.keys(await until(requestTokens(auth, grant)))).toEqual(['ember']);
});
