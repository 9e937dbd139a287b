import { expect, it } from 'vitest';
import { TokenFamily } from '../../bench/server/family.ts';

const rules = () => ({ issuer: 'https://localhost/', lifetimeS: 60 });

it('a token family accepts an access token until it is revoked, and the next one after a refresh', () => {
  const family = new TokenFamily(rules());
  const first = family.issue();
  expect(family.accepts(first.access_token)).toBe(true);
  family.revokeAccessTokens();
  expect([family.accepts(first.access_token), family.accepts('')]).toEqual([false, false]);
  const second = family.rotate(first.refresh_token);
  expect(family.accepts(second?.access_token ?? '')).toBe(true);
});

it('a token family accepts the former access token after a refresh, until the session ends', () => {
  const family = new TokenFamily(rules());
  const { access_token, refresh_token } = family.issue();
  family.rotate(refresh_token);
  expect(family.accepts(access_token)).toBe(true);
  family.rotate(refresh_token);
  expect(family.accepts(access_token)).toBe(false);
});

it('a token family accepts no expired access token', () => {
  expect(new TokenFamily({ ...rules(), lifetimeS: 0 }).accepts('')).toBe(false);
  const family = new TokenFamily({ ...rules(), lifetimeS: 0 });
  expect(family.accepts(family.issue().access_token)).toBe(false);
});

it('a token family ends the session when a refresh token is sent a second time', () => {
  const family = new TokenFamily(rules());
  const { refresh_token } = family.issue();
  const second = family.rotate(refresh_token);
  expect(family.rotate(refresh_token)).toBeNull();
  expect([family.alive, family.reuses]).toEqual([false, 1]);
  expect(family.rotate(second?.refresh_token ?? '')).toBeNull();
  expect(family.accepts(second?.access_token ?? '')).toBe(false);
});

it('a token family refuses an unknown refresh token and keeps the session', () => {
  const family = new TokenFamily(rules());
  family.issue();
  expect(family.rotate('made-up')).toBeNull();
  expect([family.alive, family.reuses]).toEqual([true, 0]);
});
