import { describe, expect, it } from 'vitest';
import { oauth2, fromTokenResponse, type OAuth2Config, type TokenResponse } from 'unexpired/oauth2';
import { AuthError, type Answer } from 'unexpired/core';

const config: OAuth2Config = {
  tokenEndpoint: 'https://id.example.com/oauth/token',
  clientId: 'my-app',
  resourceOrigins: ['https://api.example.com'],
};
const NOW = Date.UTC(2026, 0, 1);
const previous = { accessToken: 'old', refreshToken: 'kept', expiresAt: null, scopes: ['a'] };

function answer(status: number, body: unknown, headers: Record<string, string> = {}, retryAfterMs: number | null = null): Answer {
  return { status, body: typeof body === 'string' ? body : JSON.stringify(body), header: (name) => headers[name] ?? null, retryAfterMs, now: NOW };
}

/** Builds an unsigned access token in the format of RFC 9068. */
const jwt = (claims: Readonly<Record<string, unknown>>) => `eyJhbGciOiJub25lIn0.${btoa(JSON.stringify(claims)).replace(/=+$/, '')}.`;

const fieldsOf = (body: string | undefined) => Object.fromEntries(new URLSearchParams(body));

describe('an OAuth 2.0 refresh', () => {
  // claim: public-client-refresh
  it('by a public client is sent as RFC 6749 section 6 defines', () => {
    const request = oauth2({ ...config, parameters: { resource: 'https://api.example.com' } }).refreshRequest('the token');
    expect(request).toMatchObject({ url: config.tokenEndpoint, method: 'POST' });
    expect(request.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(fieldsOf(request.body)).toEqual({ grant_type: 'refresh_token', refresh_token: 'the token', client_id: 'my-app', resource: 'https://api.example.com' });
  });

  it('omits a parameter that is undefined, such as a setting that is missing', () => {
    const request = oauth2({ ...config, parameters: { scope: undefined, resource: 'https://api.example.com' } }).refreshRequest('the token');
    expect(fieldsOf(request.body)).toEqual({ grant_type: 'refresh_token', refresh_token: 'the token', client_id: 'my-app', resource: 'https://api.example.com' });
  });

  it.each([
    ['a rotation', { access_token: 'new', token_type: 'Bearer', expires_in: 60, refresh_token: 'next', scope: 'a b' }, { accessToken: 'new', refreshToken: 'next', expiresAt: NOW + 60_000, scopes: ['a', 'b'] }],
    ['no rotation and no scope', { access_token: 'new', token_type: 'bearer', expires_in: 60 }, { accessToken: 'new', refreshToken: 'kept', expiresAt: NOW + 60_000, scopes: ['a'] }],
    ['null as the type', { access_token: 'new', token_type: null, expires_in: 60, refresh_token: 'next' }, { accessToken: 'new', refreshToken: 'next', expiresAt: NOW + 60_000, scopes: ['a'] }],
    ['seconds as text', { access_token: 'new', token_type: 'bearer', expires_in: '3600' }, { accessToken: 'new', refreshToken: 'kept', expiresAt: NOW + 3_600_000, scopes: ['a'] }],
    ['fractions of seconds as text', { access_token: 'new', expires_in: '0.5' }, { accessToken: 'new', refreshToken: 'kept', expiresAt: NOW + 500, scopes: ['a'] }],
    ['no expiry and no type', { access_token: 'new' }, { accessToken: 'new', refreshToken: 'kept', expiresAt: null, scopes: ['a'] }],
    ['null for each absent field', { access_token: 'new', refresh_token: null, expires_in: null, scope: null }, { accessToken: 'new', refreshToken: 'kept', expiresAt: null, scopes: ['a'] }],
    ['an empty string for each absent field', { access_token: 'new', refresh_token: '', expires_in: '', scope: '' }, { accessToken: 'new', refreshToken: 'kept', expiresAt: null, scopes: ['a'] }],
    ['an expiry that is not a number', { access_token: 'new', refresh_token: 'next', expires_in: 'soon' }, { accessToken: 'new', refreshToken: 'next', expiresAt: null, scopes: ['a'] }],
    ['a negative expiry', { access_token: 'new', refresh_token: 'next', expires_in: -1 }, { accessToken: 'new', refreshToken: 'next', expiresAt: null, scopes: ['a'] }],
    ['an expiry beyond all dates', { access_token: 'new', refresh_token: 'next', expires_in: 1e300 }, { accessToken: 'new', refreshToken: 'next', expiresAt: null, scopes: ['a'] }],
    ['an empty error beside the token', { access_token: 'new', refresh_token: 'next', error: '' }, { accessToken: 'new', refreshToken: 'next', expiresAt: null, scopes: ['a'] }],
  ])('that is granted with %s is read', (_, body, tokens) => {
    expect(oauth2(config).readRefresh(answer(200, body), previous)).toEqual({ kind: 'granted', tokens });
  });

  it.each([
    ['no JSON', 'OK', 'accessToken'],
    ['an HTML page', '<html>', 'tokenEndpoint'],
    ['no access token', { expires_in: 60 }, 'accessToken'],
    ['a refresh token that is not a string', { access_token: 'new', refresh_token: 5 }, 'refreshToken'],
  ])('that is granted with %s is a transient failure, which names the field', (_, body, field) => {
    expect(oauth2(config).readRefresh(answer(200, body), previous)).toMatchObject({ kind: 'transient', cause: 'invalid_response', detail: expect.stringContaining(field) });
  });

  it('that returns another type of token counts as misconfigured, because a retry would spend the refresh token in vain', () => {
    const body = { access_token: 'new', refresh_token: 'next', token_type: 'DPoP' };
    expect(oauth2(config).readRefresh(answer(200, body), previous)).toMatchObject({ kind: 'misconfigured', detail: expect.stringContaining('token_type') });
  });

  it.each<[unknown]>([[{ toString: 1 }], [['Bearer']], [5], ['']])('whose token type is %j, which is not a text that says Bearer, counts as misconfigured and is read without an exception', (tokenType) => {
    const body = { access_token: 'new', refresh_token: 'next', token_type: tokenType };
    expect(oauth2(config).readRefresh(answer(200, body), previous)).toMatchObject({ kind: 'misconfigured', rotatedRefreshToken: 'next' });
  });

  it('that returns a JWT counts its life from its iat, because the device’s clock may be wrong', () => {
    const issued = { access_token: jwt({ iat: NOW / 1000 - 3600 }), expires_in: 60 };
    expect(oauth2(config).readRefresh(answer(200, issued), previous)).toMatchObject({ tokens: { expiresAt: NOW - 3_600_000 + 60_000 } });
    const dated = { access_token: jwt({ iat: NOW / 1000, exp: NOW / 1000 + 300 }) };
    expect(oauth2(config).readRefresh(answer(200, dated), previous)).toMatchObject({ tokens: { expiresAt: NOW + 300_000 } });
  });

  it('that returns a JWT with an exp uses that instead of `expires_in`', () => {
    const returnedAgain = { access_token: jwt({ iat: NOW / 1000 - 240, exp: NOW / 1000 + 60 }), expires_in: 60 };
    expect(oauth2(config).readRefresh(answer(200, returnedAgain), previous)).toMatchObject({ tokens: { expiresAt: NOW + 60_000 } });
  });

  // claim: oauth2-refusals-classified
  it.each([
    [400, { error: 'invalid_grant' }, { kind: 'final', reason: 'refresh_token_invalid' }],
    [200, { error: 'invalid_grant' }, { kind: 'final', reason: 'refresh_token_invalid' }],
    [503, { error: 'invalid_grant' }, { kind: 'transient', cause: 'server_error' }],
    [429, { error: 'invalid_grant' }, { kind: 'transient', cause: 'rate_limited' }],
    [400, { error: 'INVALID_GRANT' }, { kind: 'final', reason: 'refresh_token_invalid' }],
    // Laravel Passport, Ory Hydra, GitHub and Microsoft Entra use these in place of `invalid_grant`.
    [401, { error: 'invalid_request' }, { kind: 'final', reason: 'refresh_token_invalid' }],
    [401, { error: 'token_inactive' }, { kind: 'final', reason: 'refresh_token_invalid' }],
    [401, { error: 'invalid_token' }, { kind: 'final', reason: 'refresh_token_invalid' }],
    [200, { code: 401 }, { kind: 'transient', cause: 'refused' }],
    [200, { code: 20_000, data: { access_token: 'a2' } }, { kind: 'transient', cause: 'invalid_response' }],
    [200, { statusCode: '403' }, { kind: 'transient', cause: 'refused' }],
    [200, { status: 'error' }, { kind: 'transient', cause: 'invalid_response' }],
    [200, { error: 'bad_refresh_token' }, { kind: 'final', reason: 'refresh_token_invalid' }],
    [400, { error: 'interaction_required' }, { kind: 'final', reason: 'login_required' }],
    [400, { error: 'consent_required' }, { kind: 'final', reason: 'login_required' }],
    [400, { error: 'login_required' }, { kind: 'final', reason: 'login_required' }],
    [400, { error: 'constructor' }, { kind: 'transient', cause: 'refused' }],
    [401, { error: 'invalid_client' }, { kind: 'misconfigured' }],
    [400, { error: 'unauthorized_client' }, { kind: 'misconfigured' }],
    [400, { error: 'unsupported_grant_type' }, { kind: 'misconfigured' }],
    [400, { error: 'invalid_request' }, { kind: 'misconfigured' }],
    [400, { error: 'invalid_scope' }, { kind: 'misconfigured' }],
    [400, { error: 'server_error' }, { kind: 'transient', cause: 'server_error' }],
    [400, { error: 'temporarily_unavailable' }, { kind: 'transient', cause: 'server_error' }],
    [503, { error: 'invalid_client' }, { kind: 'transient', cause: 'server_error' }],
    [429, {}, { kind: 'transient', cause: 'rate_limited' }],
    [403, '<html>blocked by a proxy</html>', { kind: 'transient', cause: 'refused' }],
    [400, { error: { message: 'no string' } }, { kind: 'transient', cause: 'refused' }],
    [400, { error: 'constructor' }, { kind: 'transient', cause: 'refused' }],
  ])('that is refused with HTTP %i %j is read as %j', (status, body, failure) => {
    expect(oauth2(config).readRefresh(answer(status, body), previous)).toMatchObject(failure);
  });

  it.each([
    [400, { message: 'TOKEN_EXPIRED' }, { kind: 'final', reason: 'refresh_token_invalid' }],
    [200, { message: 'TOKEN_EXPIRED' }, { kind: 'final', reason: 'refresh_token_invalid' }],
    [503, { message: 'TOKEN_EXPIRED' }, { kind: 'transient', cause: 'server_error' }],
    [400, { message: 'TOO_MANY' }, { kind: 'transient', cause: 'refused' }],
    [200, { access_token: 'a2', message: 'TOKEN_EXPIRED' }, { kind: 'granted' }],
  ])('that answers HTTP %i %j is read as %j if `isFinal` has the words of the server', (status, body, outcome) => {
    const protocol = oauth2({ ...config, isFinal: ({ body: text }) => text.includes('TOKEN_EXPIRED') });
    expect(protocol.readRefresh(answer(status, body), previous)).toMatchObject(outcome);
  });
});

describe('an OAuth 2.0 token response', () => {
  it('is converted to the token set that `signIn` accepts', () => {
    expect(fromTokenResponse({ access_token: 'a', refresh_token: 'r', expires_in: 60, scope: 'a b' }, NOW)).toEqual({ accessToken: 'a', refreshToken: 'r', expiresAt: NOW + 60_000, scopes: ['a', 'b'] });
    expect(fromTokenResponse({ access_token: 'a' }, NOW)).toEqual({ accessToken: 'a', expiresAt: null, scopes: [] });
  });
});

describe('an answer of an OAuth 2.0 API', () => {
  it.each([
    [401, 'Bearer error="invalid_token"', true],
    [401, 'Basic realm="x", BEARER realm="api", ERROR="invalid_token"', true],
    [401, 'Bearer realm=https://api.example.com/v1, error=Invalid_Token', true],
    [401, 'Bearer error="insufficient_scope", error_description="not invalid_token"', false],
    [401, 'Basic realm="invalid_token"', false],
    [401, 'Bearer', false],
    [401, null, false],
    [403, 'Bearer error="invalid_token"', false],
  ])('with HTTP %i and WWW-Authenticate %j is a rejection: %s', (status, header, rejected) => {
    const protocol = oauth2(config);
    expect(protocol.isRejection(answer(status, '', header === null ? {} : { 'www-authenticate': header }))).toBe(rejected);
    if (rejected) expect(protocol.mayReject(status, () => null)).toBe(true);
  });

  it('is a rejection if the configured `isRejection` returns true', () => {
    const protocol = oauth2({ ...config, isRejection: ({ status, body }) => status === 403 && body.includes('expired') });
    expect([protocol.mayReject(403, () => null), protocol.mayReject(500, () => null)]).toEqual([true, false]);
    expect(protocol.isRejection(answer(403, 'token expired'))).toBe(true);
    expect(protocol.isRejection(answer(403, 'not yours'))).toBe(false);
  });
});

describe('an OAuth 2.0 revocation', () => {
  it('is not sent if no endpoint is configured', () => {
    expect(oauth2(config).revokeRequest).toBeUndefined();
  });

  // claim: server-client-authenticates
  it('sends the parameters with a revocation, too, so that a confidential client can authenticate', () => {
    const { revokeRequest } = oauth2({ ...config, revocationEndpoint: 'https://id.example.com/revoke', parameters: { client_secret: 'of a server' } });
    expect(fieldsOf(revokeRequest?.(previous).body)).toMatchObject({ token: 'kept', client_id: 'my-app', client_secret: 'of a server' });
  });

  // claim: revokes-the-strongest-token
  it('sends the refresh token, or the access token if there is no refresh token', () => {
    const { revokeRequest } = oauth2({ ...config, revocationEndpoint: 'https://id.example.com/revoke' });
    expect(fieldsOf(revokeRequest?.(previous).body)).toEqual({ token: 'kept', token_type_hint: 'refresh_token', client_id: 'my-app' });
    expect(fieldsOf(revokeRequest?.({ accessToken: 'only', expiresAt: null, scopes: [] }).body)).toEqual({ token: 'only', token_type_hint: 'access_token', client_id: 'my-app' });
  });
});

describe('oauth2', () => {
  it.each<[string, Partial<Record<keyof OAuth2Config, unknown>>]>([
    ['tokenEndpoint', { tokenEndpoint: '/token' }],
    ['tokenEndpoint', { tokenEndpoint: 'https://user:pass@id.example.com/token' }],
    ['clientId', { clientId: '' }],
    ['resourceOrigins', { resourceOrigins: [] }],
    ['resourceOrigins[1]', { resourceOrigins: ['https://api.example.com', 'https://files.example.com/path'] }],
    ['baseUrl', { baseUrl: 'https://elsewhere.example.com/' }],
    ['baseUrl', { baseUrl: 'nonsense' }],
    ['baseUrl', { baseUrl: '/v1' }],
    ['baseUrl', { baseUrl: 'https://api.example.com/v1?' }],
    ['baseUrl', { baseUrl: 'https://:secret@api.example.com/v1' }],
    ['revocationEndpoint', { revocationEndpoint: 'javascript:alert(1)' }],
    ['isRejection', { isRejection: true }],
    ['isFinal', { isFinal: 'TOKEN_EXPIRED' }],
  ])('refuses a wrong `%s` and names it', (field, wrong) => {
    expect(() => oauth2({ ...config, ...wrong } as OAuth2Config)).toThrowError(expect.objectContaining({ code: 'invalid_config', field }));
  });

  it('refuses a missing config and names `tokenEndpoint`', () => {
    expect(() => oauth2(undefined as never)).toThrowError(expect.objectContaining({ code: 'invalid_config', field: 'tokenEndpoint' }));
  });

  it('accepts a base URL with a path', () => {
    expect(oauth2({ ...config, baseUrl: 'https://api.example.com/v1/' })).toMatchObject({ baseUrl: 'https://api.example.com/v1', resourceOrigins: ['https://api.example.com'] });
  });
});

describe('fromTokenResponse', () => {
  it.each([
    ['it is not an object; its type is undefined', undefined],
    ['it is not an object; its type is string', 'secret-token'],
    ['await the promise first', Promise.resolve({ access_token: 'secret-token' })],
    ['pass `await response.json()`', new Response('{"access_token":"secret-token"}')],
    ['the server answered an error', { error: 'invalid_grant', error_description: 'secret-token' }],
    ['`accessToken` must be a non-empty string without spaces', { access_token: 'secret-token and more' }],
    ['`refreshToken` must be a non-empty string without spaces', { access_token: 'secret-token', refresh_token: 5 }],
  ])('throws an error that says %s, and quotes no token', (problem, response) => {
    const error = thrownBy(() => fromTokenResponse(response as never, NOW));
    expect(error).toMatchObject({ code: 'invalid_response', message: expect.stringContaining(`parsed JSON of a token response: ${problem}`) });
    expect(error.message).not.toContain('secret-token');
  });

  it.each([undefined, NaN, Infinity, '2026-01-01', NOW / 1000])('throws an error that names `receivedAt` if it is %s', (receivedAt) => {
    const error = thrownBy(() => fromTokenResponse({ access_token: 'a' }, receivedAt as never));
    expect(error).toMatchObject({ code: 'invalid_config', field: 'receivedAt', message: expect.stringContaining('must be epoch milliseconds, such as `Date.now()`; it') });
  });

  it('quotes no token that was passed as `receivedAt`', () => {
    const { message } = thrownBy(() => fromTokenResponse({ access_token: 'a' }, 'secret-token' as never));
    expect(message).not.toContain('secret-token');
  });

  it.each<[string, TokenResponse, number]>([
    ['exp', { access_token: jwt({ exp: NOW / 1000 + 0.123456 }) }, NOW],
    ['iat', { access_token: jwt({ iat: NOW / 1000 + 0.123456 }), expires_in: 300 }, NOW],
    ['expires_in', { access_token: 'opaque', expires_in: 299.9991 }, NOW],
    ['receivedAt', { access_token: 'opaque', expires_in: 300 }, NOW + 0.25],
  ])('gives `expiresAt` in whole milliseconds, as `signIn` requires, if `%s` has a fraction', (_, response, receivedAt) => {
    const { expiresAt } = fromTokenResponse(response, receivedAt);
    expect(expiresAt).toSatisfy(Number.isInteger);
  });
});

describe('an error about a setting of oauth2', () => {
  it.each<[string, Partial<Record<keyof OAuth2Config, unknown>>]>([
    ['it is undefined', { tokenEndpoint: undefined }],
    ['it is "/token"', { tokenEndpoint: '/token' }],
    ['it is "https://…@id.example.com/token…"', { tokenEndpoint: 'https://user:secret@id.example.com/token?key=secret' }],
    ['it is "https://id.example.com/token…"', { tokenEndpoint: 'https://id.example.com/token#secret' }],
    ['it is "…@id.example.com/token"', { tokenEndpoint: 'https:/user:secret@id.example.com/token' }],
    ['it is "…@id.example.com/token"', { tokenEndpoint: 'https:\\\\user:secret@id.example.com/token' }],
    ['it is "…@id.example.com/token"', { tokenEndpoint: 'user:secret@id.example.com/token' }],
    ['it is "https://…@id.example.com/token"', { tokenEndpoint: 'https://user:secr/secret@id.example.com/token' }],
    ['it is "https://…"', { tokenEndpoint: 'https://user:secret?1@id.example.com/token' }],
    ['it is "https://…"', { tokenEndpoint: 'https://id.example.com/token#user@example.com&secret' }],
    ['it is ""', { clientId: '' }],
    ['it is "https://api.example.com"', { resourceOrigins: 'https://api.example.com' }],
    ['such as "https://files.example.com"; it is "https://files.example.com/path"', { resourceOrigins: ['https://files.example.com/path'] }],
    ['add "https://elsewhere.example.com" there', { baseUrl: 'https://elsewhere.example.com/v1' }],
    ['it is true', { isRejection: true }],
    ['it is true', { isFinal: true }],
  ])('says %s, and quotes no secret', (given, wrong) => {
    const { message } = thrownBy(() => oauth2({ ...config, ...wrong } as OAuth2Config));
    expect(message).toContain(given);
    expect(message).not.toContain('secret');
  });
});

describe('a refresh at a wrong token endpoint', () => {
  const protocol = oauth2({ ...config, tokenEndpoint: 'https://id.example.com/oauth/token?policy=secret' });
  const page = '\n<!DOCTYPE html><title>Sign in</title>';

  it.each([
    [404, '', '`https://id.example.com/oauth/token` answered 404: check `tokenEndpoint`.', 'refused'],
    [404, { error: 'Not Found', path: '/oauth/token' }, '`https://id.example.com/oauth/token` answered 404: check `tokenEndpoint`.', 'refused'],
    [405, 'Method Not Allowed', '`https://id.example.com/oauth/token` answered 405: check `tokenEndpoint`.', 'refused'],
    [200, page, '`https://id.example.com/oauth/token` answered 200 with an HTML page: check `tokenEndpoint`.', 'invalid_response'],
  ])('is marked for HTTP %i %j, and names the setting and the address without its query', (status, body, detail, cause) => {
    expect(protocol.readRefresh(answer(status, body), previous)).toEqual({ kind: 'transient', cause, retryAfterMs: null, detail, wrongEndpoint: true });
  });

  it.each([
    ...[[502, page], [429, page], [200, '']] as const,
    ...[[400, { error: 'unknown_code' }], [404, { error: 'invalid_grant' }], [404, { error: 'server_error' }]] as const,
  ])('is not marked for HTTP %i %j', (status, body) => {
    expect(protocol.readRefresh(answer(status, body), previous)).not.toHaveProperty('wrongEndpoint');
  });
});

function thrownBy(act: () => unknown): AuthError {
  try {
    act();
  } catch (error) {
    if (AuthError.is(error)) return error;
  }
  throw new Error('nothing was thrown, or no AuthError');
}
