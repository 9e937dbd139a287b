import { decodeClaims } from 'unexpired/core';
import { buildJwt, buildTokenSet } from 'unexpired/testing';
import { expect, it } from 'vitest';

it('buildTokenSet builds a token set with the claims, expiry and scopes of an API’s', () => {
  const tokens = buildTokenSet({ issuedAt: 1_900_000_000_000, lifetimeMs: 60_000, claims: { sub: 'Käthe' }, scopes: ['read'] });
  expect(tokens).toMatchObject({ expiresAt: 1_900_000_060_000, refreshToken: 'refresh-token', scopes: ['read'] });
  expect(decodeClaims(tokens.accessToken)).toEqual({ iat: 1_900_000_000, exp: 1_900_000_060, sub: 'Käthe' });
});

it('buildTokenSet builds a set without a refresh token, or an expired set', () => {
  expect(buildTokenSet({ refreshToken: null })).not.toHaveProperty('refreshToken');
  expect(buildTokenSet({ lifetimeMs: -1 }).expiresAt).toBeLessThan(Date.now());
});

it('buildJwt builds a JWT from any claims with only the characters that a JWT may have', () => {
  const token = buildJwt({ name: '🔥 and >>>???' });
  expect(token).toMatch(/^[\w-]+\.[\w-]+\.$/);
  expect(decodeClaims(token)).toEqual({ name: '🔥 and >>>???' });
});
