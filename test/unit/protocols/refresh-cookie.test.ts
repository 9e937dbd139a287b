import { defineProtocol, inCookie, invalidResponse, type ProtocolDefinition, type RefreshCookieOptions } from 'unexpired/core';
import { bonfire } from 'unexpired/bonfire';
import { oauth2 } from 'unexpired/oauth2';
import { buildJwt } from 'unexpired/testing';
import { describe, expect, it, vi } from 'vitest';
import { EMPTY_RECORD } from '../../../src/core/model/storage-record.ts';

const BONFIRE = { baseUrl: 'https://api.bonfire.test/v1', appKey: 'app-key' };
const OAUTH = { tokenEndpoint: 'https://id.example.test/token', clientId: 'app', resourceOrigins: ['https://api.example.test'] };
const OWN: ProtocolDefinition = {
  name: 'own',
  baseUrl: 'https://api.example.test',
  refreshRequest: () => ({ url: '/renew', method: 'POST', headers: {} }),
  readRefresh: () => invalidResponse('nothing'),
  isRejection: () => false,
};
const TOKENS = { accessToken: 'a', expiresAt: null, scopes: [] };

type Options = Pick<ProtocolDefinition, 'refreshToken'>;
const makers = [
  ['bonfire', (options: Options) => bonfire({ ...BONFIRE, ...options })],
  ['oauth2', (options: Options) => oauth2({ ...OAUTH, ...options })],
  ['defineProtocol', (options: Options) => defineProtocol({ ...OWN, ...options })],
] as const;

describe.each(makers)('%s', (_, make) => {
  it('keeps the refresh token in script by default', () => {
    expect(make({}).refreshCookie).toBeUndefined();
  });

  it('leaves the refresh token in a cookie with inCookie', () => {
    const refreshToken = inCookie();
    expect(make({ refreshToken }).refreshCookie).toBe(refreshToken);
  });

  it.each(['cookie', true, null, {}])('refuses the refreshToken %j', (refreshToken) => {
    expect(() => make({ refreshToken } as Options)).toThrow(expect.objectContaining({ code: 'invalid_config', field: 'refreshToken' }));
  });
});

describe('inCookie', () => {
  it('has a constant anti-CSRF header and no hint by default', () => {
    const { csrfHeader, hint } = inCookie();
    expect({ csrfHeader, hint }).toEqual({ csrfHeader: { name: 'x-csrf', value: '1' } });
  });

  it('takes the name of a hint, and a header with the value of a cookie', () => {
    const header = { name: 'x-xsrf-token', cookie: 'XSRF-TOKEN' };
    const { csrfHeader, hint } = inCookie({ csrfHeader: header, hintCookie: 'signed-in' });
    expect({ csrfHeader, hint }).toEqual({ csrfHeader: header, hint: 'signed-in' });
  });

  it('reads the cookies of the page if the platform reads none, and no cookie outside a page', () => {
    const { headers, presume } = inCookie({ csrfHeader: { name: 'x-csrf', cookie: 'csrf' }, hintCookie: 'signed-in' });
    const page: Parameters<typeof presume>[1] = { randomId: () => 'id' };
    expect(headers(page)).toEqual({});
    expect(presume(EMPTY_RECORD, page)).not.toBeNull(); // Outside a page no hint can be read, so an empty storage is a reason to ask.
    vi.stubGlobal('document', { cookie: 'a=b; csrf=%40c' });
    expect(headers(page)).toEqual({ 'x-csrf': '@c' });
    expect(presume(EMPTY_RECORD, page)).toBeNull();
    expect(headers({ readCookie: () => 'own' })).toEqual({ 'x-csrf': 'own' });
    vi.stubGlobal('document', { cookie: 'signed-in=1' });
    expect(presume(EMPTY_RECORD, page)).not.toBeNull();
    vi.unstubAllGlobals();
  });

  it.each([
    ['csrfHeader', { csrfHeader: 'x-csrf' }],
    ['csrfHeader', { csrfHeader: null }],
    ['csrfHeader', { csrfHeader: { name: 'x csrf', value: '1' } }],
    ['csrfHeader', { csrfHeader: { name: 'x-csrf' } }],
    ['csrfHeader', { csrfHeader: { name: 'x-csrf', value: '' } }],
    ['hintCookie', { hintCookie: 'a=b' }],
  ])('refuses a wrong %s', (field, options) => {
    expect(() => inCookie(options as RefreshCookieOptions)).toThrow(expect.objectContaining({ code: 'invalid_config', field }));
  });
});

describe('a refresh request', () => {
  const bodyOf = (request: { readonly body?: string }) => Object.fromEntries(new URLSearchParams(request.body));

  it('of oauth2 has no refresh token if the cookie carries it', () => {
    const { refreshRequest } = oauth2({ ...OAUTH, refreshToken: inCookie() });
    expect(bodyOf(refreshRequest(''))).toEqual({ grant_type: 'refresh_token', client_id: 'app' });
    expect(bodyOf(refreshRequest('r'))).toMatchObject({ refresh_token: 'r' });
  });

  it('of bonfire has no refresh token if the cookie carries it', () => {
    const { refreshRequest } = bonfire({ ...BONFIRE, refreshToken: inCookie() });
    expect(bodyOf(refreshRequest(''))).toEqual({ grant_type: 'refresh_token' });
    expect(bodyOf(refreshRequest('r'))).toMatchObject({ refresh_token: 'r' });
  });

  it('of defineProtocol must be a POST', () => {
    const refreshRequest = () => ({ url: '/renew', method: 'GET' as const, headers: {} });
    expect(() => defineProtocol({ ...OWN, refreshRequest })).not.toThrow();
    expect(() => defineProtocol({ ...OWN, refreshRequest, refreshToken: inCookie() })).toThrow(expect.objectContaining({ code: 'invalid_config', field: 'method' }));
  });
});

describe('the request at sign-out', () => {
  it('of oauth2 goes to the sign-out endpoint, which a grant may ask, too', () => {
    const signOutEndpoint = 'https://id.example.test/sign-out';
    const { revokeRequest, tokenEndpoints } = oauth2({ ...OAUTH, refreshToken: inCookie(), signOutEndpoint });
    expect(revokeRequest?.(TOKENS)).toMatchObject({ url: signOutEndpoint, method: 'POST' });
    expect(tokenEndpoints).toEqual([OAUTH.tokenEndpoint, signOutEndpoint]);
    expect(oauth2({ ...OAUTH, signOutEndpoint }).revokeRequest).toBeUndefined();
  });

  it('of oauth2 revokes the access token if the cookie has the refresh token and there is no sign-out endpoint', () => {
    const { revokeRequest } = oauth2({ ...OAUTH, refreshToken: inCookie(), revocationEndpoint: 'https://id.example.test/revoke' });
    const { body } = revokeRequest!({ ...TOKENS, refreshToken: { in: 'cookie' } });
    expect(Object.fromEntries(new URLSearchParams(body))).toMatchObject({ token: 'a', token_type_hint: 'access_token' });
  });

  it('of bonfire goes to a path below the token endpoint', () => {
    const { revokeRequest } = bonfire({ ...BONFIRE, refreshToken: inCookie(), signOutPath: '/sign-out' });
    expect(revokeRequest?.(TOKENS)).toMatchObject({ url: `${BONFIRE.baseUrl}/oauth/sign-out`, method: 'POST' });
    expect(bonfire({ ...BONFIRE, signOutPath: '/sign-out' }).revokeRequest).toBeUndefined();
    expect(() => bonfire({ ...BONFIRE, signOutPath: 'sign-out?now' })).toThrow(expect.objectContaining({ field: 'signOutPath' }));
  });
});

it.each([
  ['bonfire', bonfire(BONFIRE), { uid: 7 }, '7'],
  ['bonfire', bonfire(BONFIRE), { bid: 7 }, 'bot 7'],
  ['bonfire', bonfire(BONFIRE), { sub: 'x' }, null],
  ['oauth2', oauth2(OAUTH), { sub: 'user-7' }, 'user-7'],
  ['oauth2', oauth2(OAUTH), {}, null],
])('the subject of %s is the claim that names the user', (_, { subjectOf }, claims, subject) => {
  expect(subjectOf?.({ ...TOKENS, accessToken: buildJwt(claims) })).toBe(subject);
  expect(subjectOf?.(TOKENS)).toBeNull();
});
