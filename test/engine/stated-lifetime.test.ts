import { defineProtocol, type Protocol, type TokenSet } from 'unexpired/core';
import { fromTokenResponse } from 'unexpired/oauth2';
import { buildJwt } from 'unexpired/testing';
import { describe, expect, it } from 'vitest';
import { createTokenServer } from '../support/token-server.ts';

const HOUR = 3_600_000;

describe('an access token whose `iat` is 300 s before its answer', () => {
  const backdated = (now: number, claims = {}) => buildJwt({ iat: Math.floor(now / 1000) - 300, exp: Math.floor(now / 1000) + 3600, jti: `${now}`, ...claims });
  const http = (now: number) => ({ date: new Date(now).toUTCString() });

  it.each([0, HOUR, -HOUR, 30 * 24 * HOUR, -30 * 24 * HOUR])('is never sent after the end that `expires_in` states, with a device clock that is %i ms off', async (skewMs) => {
    const server = createTokenServer();
    server.world.skewMs = skewMs;
    const ends = new Map<string, number>();
    server.endOf = (token) => ends.get(token) ?? Infinity;
    server.answer = (_, now) => {
      const token = backdated(now);
      ends.set(token, now + HOUR);
      return { body: { access_token: token, refresh_token: 'r', expires_in: 3600 } };
    };
    const { auth } = server.open();
    const { until, advance } = server.world;
    await until(auth.signIn({ accessToken: 'a', refreshToken: 'r', expiresAt: null, scopes: [] }));
    await until(auth.refresh());
    expect(auth.getSnapshot().receipt?.lifetimeMs).toBeLessThanOrEqual(HOUR);
    expect(Math.abs(auth.getSnapshot().clockOffset + skewMs)).toBeLessThan(2000);
    server.answer = () => ({ status: 503, body: '' });
    await advance(HOUR + 5000);
    await until(auth.fetch('/posts').catch(() => null));
    expect(server.expiredByMs).toEqual([]);
  });

  it('lives until its `exp` by a readable `Date` header, if there is no `expires_in`', async () => {
    const server = createTokenServer();
    server.world.skewMs = HOUR;
    server.answer = (_, now) => ({ body: { access_token: backdated(now), refresh_token: 'r' }, headers: http(now) });
    const { auth } = server.open();
    await server.world.until(auth.signIn({ accessToken: 'a', refreshToken: 'r', expiresAt: null, scopes: [] }));
    await server.world.until(auth.refresh());
    expect(auth.getSnapshot().receipt?.lifetimeMs).toBeLessThanOrEqual(HOUR);
    expect(auth.getSnapshot().receipt?.lifetimeMs).toBeGreaterThan(HOUR - 3000);
  });

  it('lives as long as `expires_in` states when it comes from a sign-in', async () => {
    const server = createTokenServer();
    server.world.skewMs = -HOUR;
    const { auth } = server.open();
    const signedIn = auth.signIn(() => {
      const now = server.world.now();
      return fromTokenResponse({ access_token: backdated(now), refresh_token: 'r', expires_in: 3600 }, now - HOUR);
    });
    await server.world.until(signedIn);
    expect(auth.getSnapshot().receipt?.lifetimeMs).toBeLessThanOrEqual(HOUR);
    expect(Math.abs(auth.getSnapshot().clockOffset - HOUR)).toBeLessThan(2000);
  });

  it('does not date the next tokens, and is not stored', async () => {
    const server = createTokenServer();
    server.answer = (count, now) => ({ body: { access_token: count === 1 ? backdated(now) : `opaque-${count}`, refresh_token: 'r', expires_in: 3600 } });
    const { auth } = server.open();
    await server.world.until(auth.signIn({ accessToken: 'a', refreshToken: 'r', expiresAt: null, scopes: [] }));
    await server.world.until(auth.refresh());
    expect(auth.getSnapshot().tokens).not.toHaveProperty('issuedAt');
    await server.world.advance(HOUR / 2);
    await server.world.until(auth.refresh());
    expect(Math.abs(auth.getSnapshot().clockOffset)).toBeLessThan(2000);
  });
});

it.each(['exp', 'iat'])('an `%s` in milliseconds is not used, so `expires_in` gives the lifetime', (claim) => {
  const now = Date.UTC(2026, 0, 1);
  const token = buildJwt({ iat: now / 1000, [claim]: now });
  expect(fromTokenResponse({ access_token: token, expires_in: 300 }, now).expiresAt).toBe(now + 300_000);
});

describe('an own protocol that counts a lifetime from `answer.now`', () => {
  const own = (claims: 'iat' | 'iat and exp', members: (now: number) => Partial<TokenSet>) => defineProtocol({
    name: 'own',
    baseUrl: 'https://api.example.com',
    refreshRequest: (token) => ({ url: 'https://api.example.com/oauth/token', method: 'POST', headers: {}, body: `refresh_token=${token}` }),
    readRefresh(answer, previous) {
      const { issued } = JSON.parse(answer.body);
      const accessToken = buildJwt({ iat: issued, ...(claims === 'iat and exp' && { exp: issued + 3600 }) });
      return { kind: 'granted', tokens: { ...previous, accessToken, expiresAt: answer.now + HOUR, ...members(answer.now) } };
    },
    isRejection: ({ status }) => status === 401,
  });

  async function lifetimeWith(protocol: Protocol, skewMs: number, backdated = 0) {
    const server = createTokenServer();
    server.world.skewMs = skewMs;
    server.answer = (_, now) => ({ body: { issued: Math.floor(now / 1000) - backdated } });
    const { auth } = server.open({ protocol });
    await server.world.until(auth.signIn({ accessToken: 'a', refreshToken: 'r', expiresAt: null, scopes: [] }));
    await server.world.until(auth.refresh());
    return auth.getSnapshot().receipt?.lifetimeMs;
  }

  it.each([0, HOUR, -HOUR / 2, 24 * HOUR])('has that lifetime if it returns `issuedAt: answer.now`, with a device clock that is %i ms off', async (skewMs) => {
    for (const claims of ['iat', 'iat and exp'] as const) {
      for (const backdated of [0, 300]) {
        const lifetimeMs = await lifetimeWith(own(claims, (now) => ({ issuedAt: now })), skewMs, backdated);
        expect(lifetimeMs).toBeLessThanOrEqual(HOUR);
        expect(lifetimeMs).toBeGreaterThan(HOUR - 2000);
      }
    }
  });

  it('has that lifetime if its protocol returns `issuedAt` in seconds by mistake', async () => {
    const protocol = defineProtocol({
      name: 'own',
      baseUrl: 'https://api.example.com',
      refreshRequest: (token) => ({ url: 'https://api.example.com/oauth/token', method: 'POST', headers: {}, body: token }),
      readRefresh: ({ now, body }, previous) => ({ kind: 'granted', tokens: { ...previous, accessToken: JSON.parse(body).access_token, expiresAt: now + HOUR, issuedAt: Math.floor(now / 1000) } }),
      isRejection: ({ status }) => status === 401,
    });
    const server = createTokenServer();
    server.answer = () => ({ body: { access_token: 'a2' } });
    const { auth } = server.open({ protocol });
    await server.world.until(auth.signIn({ accessToken: 'a', refreshToken: 'r', expiresAt: null, scopes: [] }));
    await server.world.until(auth.refresh());
    expect(auth.getSnapshot().receipt?.lifetimeMs).toBeLessThanOrEqual(HOUR);
    expect(auth.getSnapshot().clockOffset).toBe(0);
  });

  it.each([HOUR, 24 * HOUR])('believes no token to live longer than its `exp` and `iat` say, with a device clock that is %i ms ahead', async (skewMs) => {
    expect(await lifetimeWith(own('iat and exp', () => ({})), skewMs)).toBeLessThanOrEqual(HOUR);
  });
});
