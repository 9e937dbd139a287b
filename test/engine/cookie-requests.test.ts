import { classifyFailure, defineGrant, defineProtocol, inCookie, requestTokens, type AuthClientConfig, type Platform, type Protocol } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { expect, it } from 'vitest';
import { BASE_URL, createSetup, rejection } from '../support/setup.ts';

const { origin } = new URL(BASE_URL);
const OAUTH = {
  tokenEndpoint: `${BASE_URL}/token`, signOutEndpoint: `${BASE_URL}/sign-out`, clientId: 'app', resourceOrigins: [origin], refreshToken: inCookie(),
} as const;
const GRANT = { request: { url: `${BASE_URL}/grant`, method: 'POST' as const, headers: {} }, read: () => ({ kind: 'granted' as const, tokens: { user: { accessToken: 'a1', expiresAt: null, scopes: [] } } }) };

function openWith(protocol: Protocol, members: Partial<Platform> = {}, config: Partial<AuthClientConfig> = {}) {
  const setup = createSetup();
  const tab = setup.world.openTab();
  const sent: (readonly [path: string, init: RequestInit, headers: Headers, body: string])[] = [];
  const fetch: Platform['fetch'] = (input, init = {}) => {
    sent.push([new URL(String(input)).pathname.replace(/.*(?=\/)/, ''), init, new Headers(init.headers), String(init.body)]);
    return Promise.resolve(Response.json({ access_token: 'a2', expires_in: 3600 }));
  };
  const { auth } = setup.open({ ...config, protocol, platform: { ...tab.platform, fetch, ...members } });
  return { auth, sent, tab, world: setup.world, until: setup.world.until };
}

// claim: cookie-requests-have-an-anti-csrf-header
it('token requests of a session whose refresh token is in a cookie have the cookies and an anti-CSRF header, and survive the page', async () => {
  const { auth, sent, world, until } = openWith(oauth2(OAUTH));
  expect(await until(auth.signIn(defineGrant(GRANT)))).toMatchObject({ accessToken: 'a1', refreshToken: { in: 'cookie' } });
  expect(await until(auth.refresh())).toMatchObject({ accessToken: 'a2', refreshToken: { in: 'cookie' } });
  await until(auth.fetch('/posts'));
  await until(auth.signOut());
  await world.advance(100);
  const requests = sent.map(([path, { credentials, keepalive, cache, redirect }, headers]) => [path, { credentials, keepalive, cache, redirect }, headers.get('x-csrf')]);
  const careful = { credentials: 'include', keepalive: true, cache: 'no-store', redirect: 'error' };
  expect(requests.filter(([path]) => path !== '/posts')).toEqual([['/grant', careful, '1'], ['/token', careful, '1'], ['/sign-out', careful, '1']]);
  expect(requests.find(([path]) => path === '/posts')).toEqual(['/posts', {}, null]);
});

it('tokens that are requested without a sign-in do not touch the cookie', async () => {
  const { auth, sent, until } = openWith(oauth2(OAUTH));
  await until(auth.signIn({ accessToken: 'a1', expiresAt: null, scopes: [] }));
  expect(await until(requestTokens(auth, GRANT))).toMatchObject({ user: { accessToken: 'a1' } });
  expect(sent.map(([path, { credentials }]) => [path, credentials])).toEqual([['/grant', 'omit']]);
});

it('the anti-CSRF header can have the value of a cookie, and is left out if there is no such cookie', async () => {
  const cookies = new Map([['XSRF-TOKEN', 'double']]);
  const protocol = oauth2({ ...OAUTH, refreshToken: inCookie({ csrfHeader: { name: 'X-XSRF-TOKEN', cookie: 'XSRF-TOKEN' } }) });
  const { auth, sent, until } = openWith(protocol, { readCookie: (name) => cookies.get(name) ?? null });
  await until(auth.signIn({ accessToken: 'a1', expiresAt: null, scopes: [] }));
  await until(auth.refresh());
  cookies.clear();
  await until(auth.refresh());
  expect(sent.map(([, , headers]) => headers.get('x-xsrf-token'))).toEqual(['double', null]);
});

it('a session of before the cookie sends its refresh token once, and an answer without one moves it to the cookie', async () => {
  const { auth, sent, until } = openWith(oauth2(OAUTH));
  await until(auth.signIn({ accessToken: 'a1', refreshToken: 'r1', expiresAt: null, scopes: [] }));
  expect((await until(auth.refresh())).refreshToken).toEqual({ in: 'cookie' });
  await until(auth.refresh());
  expect(sent.map(([, { credentials }, , body]) => [credentials, new URLSearchParams(body).get('refresh_token')])).toEqual([['include', 'r1'], ['include', null]]);
});

it.each([
  ['grant', defineGrant({ ...GRANT, request: { ...GRANT.request, method: 'GET' } }), 'POST' as const],
  ['refresh', { accessToken: 'a1', expiresAt: null, scopes: [] }, 'GET' as const],
])('a %s by GET is not sent with cookies', async (_, input, method) => {
  let isReady = false; // `defineProtocol` checks an example, so only a later request can be a GET.
  const protocol = defineProtocol({
    name: 'own', baseUrl: BASE_URL, refreshToken: inCookie(), isRejection: () => false, readRefresh: (answer) => classifyFailure(answer),
    refreshRequest: () => ({ url: '/token', method: isReady ? method : 'POST', headers: {} }),
  });
  isReady = true;
  const { auth, sent, tab, until } = openWith(protocol);
  const errors = [await until(rejection(auth.signIn(input).then(() => auth.refresh()))), ...tab.reports];
  expect(errors).toContainEqual(expect.objectContaining({ code: 'invalid_config', field: 'method' }));
  expect(sent).toEqual([]);
});

it('a session whose refresh token is in a cookie cannot be signed in under a protocol without one', async () => {
  const { refreshToken: _, ...config } = OAUTH;
  const { auth, until } = openWith(oauth2(config));
  expect(await until(rejection(auth.signIn({ accessToken: 'a1', refreshToken: { in: 'cookie' }, expiresAt: null, scopes: [] })))).toMatchObject({ code: 'invalid_config', field: 'refreshToken' });
});

it.each([
  ['as frameworks write it, percent-encoded', 'a%3D%3D', 'a=='],
  ['that is not encoded', '100%', '100%'],
  ['that no header could carry decoded', 'a%0Ab', 'a%0Ab'],
])('the anti-CSRF header has the value of a cookie %s', async (_, cookie, header) => {
  const protocol = oauth2({ ...OAUTH, refreshToken: inCookie({ csrfHeader: { name: 'X-XSRF-TOKEN', cookie: 'XSRF-TOKEN' } }) });
  const { auth, sent, until } = openWith(protocol, { readCookie: () => cookie });
  await until(auth.signIn({ accessToken: 'a1', expiresAt: null, scopes: [] }));
  await until(auth.refresh());
  expect(sent.map(([, , headers]) => headers.get('x-xsrf-token'))).toEqual([header]);
});

it('a token request is sent without keepalive if its body is too long for that', async () => {
  const { auth, sent, until } = openWith(oauth2({ ...OAUTH, parameters: { assertion: 'x'.repeat(70_000) } }));
  await until(auth.signIn({ accessToken: 'a1', expiresAt: null, scopes: [] }));
  await until(auth.refresh());
  expect(sent.map(([path, { keepalive }]) => [path, keepalive])).toEqual([['/token', false]]);
});

it('a protocol may say that the refresh token is in the cookie', async () => {
  const protocol = defineProtocol({
    name: 'own', baseUrl: BASE_URL, refreshToken: inCookie(), isRejection: () => false,
    refreshRequest: () => ({ url: `${BASE_URL}/token`, method: 'POST', headers: {} }),
    readRefresh: () => ({ kind: 'granted', tokens: { accessToken: 'a2', refreshToken: { in: 'cookie' }, expiresAt: null, scopes: [] } }),
  });
  const { auth, until } = openWith(protocol);
  await until(auth.signIn({ accessToken: 'a1', refreshToken: { in: 'cookie' }, expiresAt: null, scopes: [] }));
  expect(await until(auth.refresh())).toMatchObject({ accessToken: 'a2', refreshToken: { in: 'cookie' } });
});
