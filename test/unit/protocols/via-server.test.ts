import { createAuthClient, defineProtocol, inCookie } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { createSessions } from 'unexpired/server';
import { serverSignIn, viaServer, watchServer, type ViaServerConfig } from 'unexpired/via-server';
import { describe, expect, it } from 'vitest';

const errorOf = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return null;
};
const TOKENS = { accessToken: 'a', expiresAt: 5, scopes: [] };

describe('viaServer', () => {
  it.each([
    ['basePath', { basePath: 'auth' }],
    ['basePath', { basePath: '/auth/' }],
    ['basePath', { basePath: '/auth?x' }],
    ['basePath', { basePath: 7 }],
    ['apiPath', { apiPath: 'https://api.example.com' }],
    ['apiPath', { apiPath: '' }],
    ['apiPath', { apiPath: '//api' }],
    ['apiPath', { tokens: 'page', baseUrl: 'https://api.example.com', apiPath: '/api' }],
    ['tokens', { tokens: 'server' }],
    ['baseUrl', { baseUrl: 'https://api.example.com' }],
    ['baseUrl', { tokens: 'page' }],
    ['baseUrl', { tokens: 'page', baseUrl: 'api.example.com' }],
    ['isRejection', { isRejection: () => true }],
    ['isRejection', { tokens: 'page', baseUrl: 'https://api.example.com', isRejection: true }],
  ])('names the wrong setting %s of %j', (field, config) => {
    expect(errorOf(() => viaServer(config as ViaServerConfig))).toMatchObject({ code: 'invalid_config', field, message: expect.not.stringContaining('is not valid') });
  });

  it.each([
    [viaServer(), 'memory'],
    [viaServer(), 'stored'],
    [viaServer({ tokens: 'page', baseUrl: 'https://api.example.com' }), 'stored'],
    [{ ...defineProtocol({ ...viaServer(), name: 'own', refreshToken: inCookie() }), accessToken: undefined }, 'server'],
  ])('%# decides where access tokens are, and a client cannot contradict', (protocol, accessToken) => {
    expect(errorOf(() => createAuthClient({ protocol, accessToken: accessToken as 'memory' }))).toMatchObject({ code: 'invalid_config', field: 'accessToken', message: expect.stringContaining('viaServer') });
  });

  it('is no protocol for a server', () => {
    expect(errorOf(() => createSessions({ protocol: viaServer(), secrets: ['a-secret-of-at-least-32-characters-1'] }))).toMatchObject({ code: 'invalid_config', field: 'protocol' });
  });

  it('names the generation of the token that the tab has, or of one before the latest if another tab has got that', () => {
    const { refreshRequest } = viaServer({ tokens: 'page', baseUrl: 'https://api.example.com' });
    const afterOf = (tokens: Parameters<typeof refreshRequest>[1]) => JSON.parse(refreshRequest('', tokens).body!).after;
    expect(afterOf({ ...TOKENS, extra: { generation: 7, expiresAt: 5 } })).toBe(7);
    expect(afterOf({ ...TOKENS, extra: { generation: 7, expiresAt: 9 } })).toBe(6);
    expect(afterOf({ ...TOKENS, accessToken: '', extra: { generation: 7, expiresAt: 5 } })).toBe(null);
    expect(afterOf(undefined)).toBe(null);
  });

  it.each([
    ['`session`', { subject: 'ann' }],
    ['`session`', { session: 'with space' }],
    ['`session`', []],
  ])('takes an answer without %s as one that cannot be read', (_member, body) => {
    const answer = { status: 200, header: () => null, body: JSON.stringify(body), retryAfterMs: null, now: 0 };
    expect(viaServer().readRefresh(answer, TOKENS)).toMatchObject({ kind: 'transient', cause: 'invalid_response' });
  });

  it.each([
    [401, { error: 'signed_out', endReason: 'suspended' }, { kind: 'final', reason: 'suspended' }],
    [401, { error: 'signed_out' }, { kind: 'final', reason: 'refresh_token_invalid' }],
    [401, { error: 'signed_out', endReason: 'sign_out' }, { kind: 'final', reason: 'refresh_token_invalid' }],
    [401, { error: 'session_ended', endReason: 'of a later version' }, { kind: 'final', reason: 'refresh_token_invalid' }],
    [401, {}, { kind: 'transient', wrongEndpoint: true }],
    [403, { error: 'cross_site_request' }, { kind: 'misconfigured' }],
    [404, { error: 'not_found' }, { kind: 'transient', wrongEndpoint: true }],
    [502, { error: 'misconfigured' }, { kind: 'transient', cause: 'server_error' }],
    [503, { error: 'storage_unavailable' }, { kind: 'transient', cause: 'server_error' }],
  ])('reads %i %j as the failure that it is', (status, body, outcome) => {
    const answer = { status, header: () => null, body: JSON.stringify(body), retryAfterMs: null, now: 0 };
    expect(viaServer().readRefresh(answer, TOKENS)).toMatchObject(outcome);
  });
});

it('serverSignIn and watchServer refuse what viaServer has not made', () => {
  const protocol = oauth2({ tokenEndpoint: 'https://id.example.com/token', clientId: 'web', resourceOrigins: ['https://api.example.com'] });
  expect(errorOf(() => serverSignIn(protocol as never))).toMatchObject({ code: 'invalid_config', field: 'protocol' });
  expect(errorOf(() => serverSignIn(undefined as never))).toMatchObject({ code: 'invalid_config', field: 'protocol' });
  expect(errorOf(() => watchServer(createAuthClient({ protocol })))).toMatchObject({ code: 'invalid_config', field: 'client' });
});
