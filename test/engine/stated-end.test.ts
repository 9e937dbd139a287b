import fc from 'fast-check';
import { defineProtocol, type Protocol } from 'unexpired/core';
import { fromTokenResponse } from 'unexpired/oauth2';
import { bonfire, fromAccessTokenObject } from 'unexpired/bonfire';
import { buildJwt } from 'unexpired/testing';
import { describe, expect, it } from 'vitest';
import { BASE_URL, createSetup, rejection } from '../support/setup.ts';
import { createTokenServer, type TokenAnswer, type TokenServer } from '../support/token-server.ts';
import type { TabOptions } from '../support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const HALF_HOUR = 30 * MINUTE;
const tokens = { accessToken: 'a0', refreshToken: 'r0', expiresAt: null, scopes: [] };

/** Signs in with an access token of one day, and refreshes once. */
async function openRefreshed(server: TokenServer, facts: object, access = (now: number) => `a-${now}`, options: TabOptions = {}) {
  server.answer = (count, now) => ({ body: { access_token: access(now), refresh_token: `r${count}`, expires_in: 86_400, ...facts } });
  const opened = server.open({}, options);
  await server.world.until(opened.auth.signIn(tokens));
  await server.world.until(opened.auth.refresh());
  return opened;
}

const fields = [{ refresh_expires_in: 1800 }, { refresh_token_expires_in: 1800 }, { refresh_token_expires_in: '1800' }];

describe('a refresh token with a stated end', () => {
  it.each(fields)('is used before that end, although the access token lives longer (%j)', async (facts) => {
    const server = createTokenServer();
    const { auth } = await openRefreshed(server, facts);
    await server.world.advance(HALF_HOUR - 1000);
    expect(server.sent).toEqual(['r0', 'r1']);
    await server.world.advance(10 * HALF_HOUR);
    expect(server.sent.length).toBeLessThanOrEqual(16);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

  it.each([['with `exp`', (now: number) => buildJwt({ iat: now / 1000 - 300, exp: now / 1000 + 86_400 })], ['without', undefined]])(
    'has its end by the API’s clock, whatever the device’s clock says (access token %s)', async (_, access) => {
      for (const skewMs of [DAY, -DAY]) {
        const server = createTokenServer();
        server.world.skewMs = skewMs;
        const { auth } = await openRefreshed(server, fields[0]!, access);
        const { tokens: set, clockOffset } = auth.getSnapshot();
        expect(Math.abs(set!.refreshExpiresAt! - clockOffset - (server.world.now() + skewMs + HALF_HOUR))).toBeLessThan(3000);
        await server.world.advance(HALF_HOUR - 1000);
        expect(server.sent).toEqual(['r0', 'r1']);
      }
    },
  );

  it('is the end of the new refresh token, too, if the answer states the same end again', async () => {
    const server = createTokenServer();
    const end = Math.floor(server.world.now() / 1000) + 5400;
    server.answer = (count, now) => {
      const iat = Math.floor(now / 1000);
      return { body: { access_token: buildJwt({ iat, jti: `${count}` }), refresh_token: `r${count}`, expires_in: 600, refresh_expires_in: end - iat } };
    };
    const { auth } = server.open();
    await server.world.until(auth.signIn(tokens));
    for (let count = 0; count < 2; count++) {
      await server.world.until(auth.refresh());
      expect(auth.getSnapshot().tokens?.refreshExpiresAt).toBe(end * 1000);
      await server.world.advance(5000);
    }
  });

  // claim: stated-end-respected
  it('is not sent after that end, and the session ends with its access token as expired', async () => {
    const server = createTokenServer();
    const { auth } = await openRefreshed(server, { expires_in: 2 * 3600, refresh_expires_in: 1800 });
    server.answer = () => ({ status: 503, body: '' });
    await server.world.advance(HALF_HOUR + 1000);
    const before = server.sent.length;
    await server.world.advance(HALF_HOUR);
    expect(auth.getSnapshot().status).toBe('signedIn');
    expect((await server.world.until(auth.fetch('/posts'))).status).toBe(200);
    await server.world.advance(61 * MINUTE);
    expect(server.sent).toHaveLength(before);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'expired' });
  });

  it.each<[string, () => TokenAnswer]>([['an outage', () => ({ status: 503, body: '' })], ['an unreadable answer', () => ({ body: {} })]])(
    'is not sent by a refresh() after that end, which rejects, and the access token is used to its end (after %s)', async (_, answer) => {
      const server = createTokenServer();
      const { auth } = await openRefreshed(server, fields[0]!);
      server.answer = answer;
      await server.world.advance(HALF_HOUR + 1000);
      const before = server.sent.length;
      expect(await server.world.until(rejection(auth.refresh()))).toMatchObject({ code: 'refresh_unavailable', endReason: 'expired' });
      expect((await server.world.until(auth.fetch('/posts'))).status).toBe(200);
      expect(server.sent).toHaveLength(before);
    },
  );

  it('whose end passes while a refresh waits for its turn does not end the session of a living access token', async () => {
    const server = createTokenServer();
    const { auth, tab } = await openRefreshed(server, fields[0]!);
    server.answer = () => ({ status: 503, body: '' });
    tab.process.freeze();
    await server.world.advance(HALF_HOUR - 10_000);
    void server.world.openTab().platform.locks?.hold(`${auth.storageKey}:${auth.getSnapshot().sessionId}`, 0, () => new Promise(() => undefined));
    tab.process.thaw();
    await server.world.advance(MINUTE);
    expect(server.sent).toEqual(['r0']);
    expect(auth.getSnapshot().status).toBe('signedIn');
    expect((await server.world.until(auth.fetch('/posts'))).status).toBe(200);
  });

  it('is not sent after that end when the API rejects the access token, and the call fails with session_ended', async () => {
    const server = createTokenServer();
    const { auth } = await openRefreshed(server, fields[0]!);
    server.answer = () => ({ status: 503, body: '' });
    await server.world.advance(HALF_HOUR + 1000);
    const before = server.sent.length;
    server.endOf = () => 0;
    expect(await server.world.until(rejection(auth.fetch('/posts')))).toMatchObject({ code: 'session_ended', endReason: 'expired' });
    expect(server.sent).toHaveLength(before);
  });

  it('ends no session because of a clock that is set forward: the API decides', async () => {
    const server = createTokenServer();
    const { auth, tab } = await openRefreshed(server, fields[0]!);
    server.world.skewMs = 365 * DAY;
    tab.wake('focus');
    await server.world.advance(1000);
    expect(server.sent).toEqual(['r0', 'r1']);
    expect(auth.getSnapshot().status).toBe('signedIn');
    tab.kill();
    server.world.skewMs = 2 * 365 * DAY;
    const next = server.open();
    expect(await server.world.until(next.auth.getAccessToken())).toMatch(/^a-/);
    expect(server.sent).toEqual(['r0', 'r1', 'r2']);
  });

  it('ends all tabs when one tab ends the session', async () => {
    const server = createTokenServer();
    const { auth } = await openRefreshed(server, { expires_in: 3000, refresh_expires_in: 1800 });
    const other = server.open();
    other.auth.subscribe(() => undefined);
    server.answer = () => ({ status: 503, body: '' });
    await server.world.advance(3001 * 1000);
    for (const client of [auth, other.auth]) expect(client.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'expired' });
  });

  it('that comes nearer with each refresh, as the end of a sign-on session does, costs few requests', async () => {
    const server = createTokenServer();
    const endsAt = server.world.now() + 3600_000;
    server.answer = (count, now) => (now < endsAt
      ? { body: { access_token: `a${count}`, refresh_token: `r${count}`, expires_in: 86_400, refresh_expires_in: Math.floor((endsAt - now) / 1000) } }
      : { status: 400, body: { error: 'invalid_grant' } });
    const { auth } = server.open();
    await server.world.until(auth.signIn(tokens));
    await server.world.until(auth.refresh());
    await server.world.advance(2 * 3600_000);
    expect(server.sent.length).toBeLessThan(12);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

  it.each([{ refresh_expires_in: 0 }, { refresh_expires_in: -1 }, { refresh_expires_in: 'never' }, { refresh_expires_in: null }, { refresh_expires_in: 1e300 }])(
    'that states no time has no end, as Keycloak’s offline tokens (%j)', async (facts) => {
      const server = createTokenServer();
      const { auth } = await openRefreshed(server, facts);
      expect(auth.getSnapshot().tokens?.refreshExpiresAt).toBeUndefined();
      await server.world.advance(DAY / 2);
      expect(server.sent).toEqual(['r0']);
    },
  );

  it('that is not rotated keeps its end, and a rotated one does not inherit it', async () => {
    const server = createTokenServer();
    const { auth } = await openRefreshed(server, fields[0]!);
    const { refreshExpiresAt } = auth.getSnapshot().tokens!;
    server.answer = () => ({ body: { access_token: 'a-same', expires_in: 86_400 } });
    await server.world.until(auth.refresh());
    expect(auth.getSnapshot().tokens?.refreshExpiresAt).toBe(refreshExpiresAt);
    server.answer = () => ({ body: { access_token: 'a-next', refresh_token: 'r-next', expires_in: 86_400 } });
    await server.world.until(auth.refresh());
    expect(auth.getSnapshot().tokens?.refreshExpiresAt).toBeUndefined();
  });
});

describe('a refresh token that is a JWT with an `exp`', () => {
  it('has that end with oauth2, bonfire, defineProtocol and signIn', async () => {
    const setup = createSetup();
    const exp = setup.world.now() / 1000 + 1800;
    const jwt = buildJwt({ exp, jti: 'next' });
    const granted = { accessToken: 'a', refreshToken: jwt, expiresAt: null, scopes: [] };
    const own = defineProtocol({
      name: 'own', baseUrl: BASE_URL, isRejection: () => false,
      refreshRequest: () => ({ url: `${BASE_URL}/oauth`, method: 'POST', headers: {}, secrets: [] }),
      readRefresh: (_, previous) => ({ kind: 'granted', tokens: { ...previous, refreshToken: jwt } }),
    });
    const wire = { access_token: 'a', refresh_token: jwt };
    const read: Protocol = { ...bonfire({ baseUrl: BASE_URL, appKey: 'app-key' }), readRefresh: () => ({ kind: 'granted', tokens: fromAccessTokenObject(wire) }) };
    for (const protocol of [own, read]) {
      const { auth } = setup.open({ protocol });
      await setup.world.until(auth.signIn({ ...granted, refreshToken: buildJwt({ exp: exp - 900, jti: 'first' }) }));
      expect(auth.getSnapshot().tokens?.refreshExpiresAt).toBe((exp - 900) * 1000);
      await setup.world.until(auth.refresh());
      expect(auth.getSnapshot().tokens?.refreshExpiresAt).toBe(exp * 1000);
    }
    const server = createTokenServer();
    const { auth } = server.open();
    await server.world.until(auth.signIn(fromTokenResponse(wire, server.world.now())));
    expect(auth.getSnapshot().tokens?.refreshExpiresAt).toBe(exp * 1000);
  });
});

describe('a stored session', () => {
  it('without the end of its refresh token, as older versions store it, is read', async () => {
    const server = createTokenServer();
    const first = server.open();
    await server.world.until(first.auth.signIn({ ...tokens, expiresAt: server.world.now() + DAY }));
    first.tab.kill();
    expect(await server.world.until(server.open().auth.getAccessToken())).toBe('a0');
    expect(JSON.stringify([...server.world.storage.values.values()])).not.toContain('refreshExpiresAt');
  });

  it.each([NaN, 1800, '2026-01-01'])('cannot start with %s as the end of its refresh token', async (refreshExpiresAt) => {
    const server = createTokenServer();
    const { auth } = server.open();
    const error = await server.world.until(rejection(auth.signIn({ ...tokens, refreshExpiresAt: refreshExpiresAt as number })));
    expect(error).toMatchObject({ code: 'invalid_config', field: 'refreshExpiresAt' });
  });
});

it('a refresh that another tab without Web Locks sent in time keeps the session, although the end of the refresh token passes before its answer', async () => {
  const server = createTokenServer();
  const { auth } = await openRefreshed(server, { expires_in: 60, refresh_expires_in: 60 }, undefined, { hasLocks: false });
  const other = server.open({}, { hasLocks: false });
  other.auth.subscribe(() => undefined);
  server.answer = () => ({ body: { access_token: 'late', refresh_token: 'r-late', expires_in: 60 } });
  server.world.lateMs = 20_000;
  server.world.faultOf = () => 'late';
  const before = server.sent.length;
  for (let second = 0; second < 60 && server.sent.length === before; second++) await server.world.advance(1000);
  await server.world.advance(16_000);
  expect(await server.world.until(other.auth.getAccessToken())).toBe('late');
  expect(await server.world.until(auth.getAccessToken())).toBe('late');
});

it('a session with a stated end is never lost while the API is up, however the device’s clock jumps and however long it sleeps before that end', async () => {
  const step = fc.record({
    kind: fc.constantFrom('jump', 'sleep', 'advance', 'reload', 'focus'),
    share: fc.double({ min: 0, max: 0.9, noNaN: true }),
    jumpMs: fc.oneof(fc.integer({ min: -365 * DAY, max: 365 * DAY }), fc.constantFrom(0, HALF_HOUR, -HALF_HOUR, MINUTE, -MINUTE)),
  });
  await fc.assert(fc.asyncProperty(fc.constantFrom(60, 600, 1800), fc.constantFrom(30, 300, 86_400), fc.array(step, { minLength: 1, maxLength: 8 }), async (refreshSeconds, accessSeconds, steps) => {
    const server = createTokenServer();
    let current = { token: 'r0', endsAt: Infinity };
    const refusals: number[] = [];
    server.answer = (count, now) => {
      if (server.sent.at(-1) !== current.token || now > current.endsAt) {
        refusals.push(now - current.endsAt);
        return { status: 400, body: { error: 'invalid_grant' } };
      }
      current = { token: `r${count}`, endsAt: now + refreshSeconds * 1000 };
      return { body: { access_token: `a${count}`, refresh_token: current.token, expires_in: accessSeconds, refresh_expires_in: refreshSeconds } };
    };
    let { auth, tab } = server.open();
    await server.world.until(auth.signIn(tokens));
    await server.world.until(auth.refresh());
    for (const { kind, share, jumpMs } of steps) {
      const ms = (share * Math.min(refreshSeconds, accessSeconds) * 1000) / 4;
      if (kind === 'jump') server.world.skewMs = jumpMs;
      if (kind === 'sleep') await server.world.sleep(ms);
      if (kind === 'advance') await server.world.advance(ms);
      if (kind === 'reload') {
        tab.kill();
        ({ auth, tab } = server.open());
        await server.world.until(auth.ready());
      }
      tab.wake('focus');
      await server.world.advance(1000);
      expect([auth.getSnapshot().status, auth.getSnapshot().endReason]).toEqual(['signedIn', null]);
    }
    expect(refusals).toEqual([]);
  }), { numRuns: 150 });
});
