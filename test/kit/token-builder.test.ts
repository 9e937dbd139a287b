import { decodeClaims } from 'unexpired/core';
import { buildJwt, buildTokenSet } from 'unexpired/testing';
import { expect, it } from 'vitest';

it('builds a token set that reads like an API’s', () => {
  const tokens = buildTokenSet({ issuedAt: 1_900_000_000_000, lifetimeMs: 60_000, claims: { sub: 'Käthe' }, scopes: ['read'] });
  expect(tokens).toMatchObject({ expiresAt: 1_900_000_060_000, refreshToken: 'refresh-token', scopes: ['read'] });
  expect(decodeClaims(tokens.accessToken)).toEqual({ iat: 1_900_000_000, exp: 1_900_000_060, sub: 'Käthe' });
});

it('builds one without a refresh token, and one that is expired', () => {
  expect(buildTokenSet({ refreshToken: null })).not.toHaveProperty('refreshToken');
  expect(buildTokenSet({ lifetimeMs: -1 }).expiresAt).toBeLessThan(Date.now());
});

it('builds any JWT, in the characters that one may have', () => {
  const token = buildJwt({ name: '🔥 and >>>???' });
  expect(token).toMatch(/^[\w-]+\.[\w-]+\.$/);
  expect(decodeClaims(token)).toEqual({ name: '🔥 and >>>???' });
});
