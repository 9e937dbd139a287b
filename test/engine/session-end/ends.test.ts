import { limitSession, sessionLimitsOf, type SessionEnd } from 'unexpired/core';
import { fromTokenResponse } from 'unexpired/oauth2';
import { buildJwt } from 'unexpired/testing';
import { describe, expect, it } from 'vitest';
import { rejection } from '../../support/setup.ts';
import { createTokenServer, type TokenServer } from '../../support/token-server.ts';
import { HOUR, MINUTE, openLimited, statusOf } from './support.ts';

const tokens = { accessToken: 'a0', refreshToken: 'r0', expiresAt: null, scopes: [] };

/** Opens a tab with limits, signs in, and refreshes once. Each answer lasts an hour and has further members. */
async function openRefreshed(facts: (now: number) => object, options = {}, server = createTokenServer()) {
  server.answer = (count, now) => ({ body: { access_token: buildJwt({ iat: Math.floor(now / 1000), jti: `${count}` }), refresh_token: `r${count}`, expires_in: 3600, ...facts(now) } });
  const opened = openLimited(server, options);
  await server.world.until(opened.auth.signIn(tokens));
  await server.world.until(opened.auth.refresh());
  return { server, ...opened };
}

/** How long it is until an end, ms by the device's clock. */
const msUntil = (server: TokenServer, end: SessionEnd | null) => end!.endsAt - server.world.now() - server.world.skewMs;

const inSeconds = (ms: number) => Math.floor(ms / 1000);

describe('a session with an end that the server states', () => {
  // claim: server-end
  it.each<[string, (endsAt: number) => object]>([
    ['session_expiry of the answer', (endsAt) => ({ session_expiry: inSeconds(endsAt) })],
    ['session_expiry of the ID token', (endsAt) => ({ id_token: buildJwt({ session_expiry: inSeconds(endsAt) }) })],
  ])('ends as expired at that time, and sends nothing after it (%s)', async (_, factsOf) => {
    for (const skewMs of [0, 24 * HOUR, -24 * HOUR]) {
      const server = createTokenServer();
      server.world.skewMs = skewMs;
      const endsAt = server.world.now() + 2 * HOUR;
      const { auth, limits } = await openRefreshed(() => factsOf(endsAt), {}, server);
      expect(limits.getEnd()?.cause).toBe('session');
      expect(Math.abs(msUntil(server, limits.getEnd()) - 2 * HOUR)).toBeLessThan(2000);
      await server.world.advance(2 * HOUR - 3000);
      expect(statusOf(auth)).toBe('signedIn');
      await server.world.advance(4000);
      expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'expired' });
      const before = server.sent.length;
      expect(await server.world.until(rejection(auth.fetch('/posts')))).toMatchObject({ code: 'signed_out', endReason: 'expired' });
      expect(server.sent).toHaveLength(before);
    }
  });

  it('is over for a page that loads after that end', async () => {
    const end = createTokenServer().world.now() + HOUR;
    const { server, tab } = await openRefreshed(() => ({ session_expiry: inSeconds(end) }));
    tab.kill();
    await server.world.advance(HOUR + 1000);
    expect((await server.world.until(openLimited(server, {}).auth.ready())).endReason).toBe('expired');
  });

  it('has the end of the latest answer, and keeps it if an answer states none', async () => {
    let hours = 5;
    const { server, auth, limits } = await openRefreshed((now) => (hours > 0 ? { session_expiry: inSeconds(now + hours * HOUR) } : {}));
    for (const next of [2, 8, 3]) {
      hours = next;
      await server.world.until(auth.refresh());
      expect(Math.abs(msUntil(server, limits.getEnd()) - next * HOUR)).toBeLessThan(2000);
    }
    hours = 0;
    await server.world.advance(HOUR);
    await server.world.until(auth.refresh());
    expect(Math.abs(msUntil(server, limits.getEnd()) - 2 * HOUR)).toBeLessThan(2000);
  });

  it.each([-HOUR, 0])('does not end if that end lies %i ms from its receipt', async (ms) => {
    const { server, auth, limits } = await openRefreshed((now) => ({ session_expiry: inSeconds(now + ms) }));
    expect(limits.getEnd()).toBeNull();
    await server.world.advance(2 * HOUR);
    expect(statusOf(auth)).toBe('signedIn');
  });

  it('leaves the end to the API if no answer has shown its time', async () => {
    const server = createTokenServer();
    server.world.skewMs = 3 * HOUR;
    const { auth, limits } = openLimited(server, {});
    const response = { access_token: 'opaque', refresh_token: 'r0', expires_in: 7200, session_expiry: inSeconds(server.world.now() + 2 * HOUR) };
    await server.world.until(auth.signIn(fromTokenResponse(response, server.world.now() + server.world.skewMs)));
    expect(limits.getEnd()).toBeNull();
  });
});

describe('a session with a longest time', () => {
  // claim: longest-with-activity
  it('ends after that time although the user is active, and reloads do not lengthen it', async () => {
    const options = { maxSessionMs: 3 * HOUR, idle: { timeoutMs: HOUR } };
    const { server, tab } = await openRefreshed(() => ({}), options);
    tab.kill();
    for (let minutes = 0; minutes < 170; minutes += 10) {
      const page = openLimited(server, options);
      expect((await server.world.until(page.auth.ready())).status).toBe('signedIn');
      page.limits.touch();
      await server.world.advance(10 * MINUTE);
      page.tab.kill();
    }
    const last = openLimited(server, options);
    await server.world.until(last.auth.ready());
    expect(last.limits.getEnd()?.cause).toBe('session');
    last.limits.touch();
    await server.world.advance(12 * MINUTE);
    expect(last.auth.getSnapshot().endReason).toBe('expired');
  });
});

// claim: longest-session
it('a session of 24 hours ends after them, whatever it refreshes', async () => {
  const { server, auth } = await openRefreshed(() => ({}), { maxSessionMs: 24 * HOUR });
  await server.world.advance(24 * HOUR - MINUTE);
  expect(statusOf(auth)).toBe('signedIn');
  expect(server.sent.length).toBeGreaterThan(20);
  await server.world.advance(MINUTE + 1000);
  expect(auth.getSnapshot().endReason).toBe('expired');
});

describe('the end of tokens', () => {
  it('is that of the refresh token, and stay() moves it by a refresh', async () => {
    const { server, limits } = await openRefreshed(() => ({ expires_in: 300, refresh_expires_in: 1800 }));
    await server.world.advance(5 * MINUTE);
    const before = limits.getEnd();
    expect(before?.cause).toBe('refresh_token');
    const sent = server.sent.length;
    expect(await server.world.until(limits.stay())).toBe(true);
    expect(server.sent.length).toBe(sent + 1);
    expect(limits.getEnd()!.endsAt).toBeGreaterThan(before!.endsAt);
  });

  it('is that of the access token after the API has refused the refresh token, and stay() cannot move it', async () => {
    const server = createTokenServer();
    const { auth } = server.open({ endWhen: 'token_expires' });
    const limits = limitSession(auth);
    server.answer = (count, now) => ({ body: { access_token: buildJwt({ iat: Math.floor(now / 1000), jti: `${count}` }), refresh_token: `r${count}`, expires_in: 3600 } });
    await server.world.until(auth.signIn(tokens));
    await server.world.until(auth.refresh());
    expect(limits.getEnd()).toBeNull();
    server.answer = () => ({ status: 400, body: { error: 'invalid_grant' } });
    expect(await server.world.until(rejection(auth.refresh()))).toMatchObject({ endReason: 'refresh_token_invalid' });
    expect(limits.getEnd()?.cause).toBe('access_token');
    expect(Math.abs(msUntil(server, limits.getEnd()) - HOUR)).toBeLessThan(5000);
    expect(await server.world.until(limits.stay())).toBe(false);
  });

  it('is seen by clients without limits of their own', async () => {
    const server = createTokenServer();
    const { auth } = server.open();
    server.answer = (count) => ({ body: { access_token: `a${count}`, refresh_token: `r${count}`, expires_in: 300, refresh_expires_in: 1800 } });
    await server.world.until(auth.signIn(tokens));
    await server.world.until(auth.refresh());
    expect(sessionLimitsOf(auth)).toBe(sessionLimitsOf(auth));
    expect(sessionLimitsOf(auth).getEnd()?.cause).toBe('refresh_token');
    expect(JSON.stringify([...server.world.storage.values.values()])).not.toContain('activeAt');
  });
});

describe('refresh_expires_at', () => {
  it.each<[string, (endsAt: number) => unknown]>([['seconds', (endsAt) => endsAt / 1000], ['a date', (endsAt) => new Date(endsAt).toISOString()]])('is the end of the refresh token, as %s', async (_, write) => {
    const end = createTokenServer().world.now() + 30 * MINUTE;
    const { auth } = await openRefreshed(() => ({ refresh_expires_at: write(end) }));
    expect(auth.getSnapshot().tokens?.refreshExpiresAt).toBe(end);
  });

  it.each([-1, 'never', null, {}])('states no end if it is %j', async (value) => {
    const { auth } = await openRefreshed(() => ({ refresh_expires_at: value, session_expiry: value }));
    expect(auth.getSnapshot().tokens).toMatchObject({ accessToken: expect.any(String) });
    expect(auth.getSnapshot().tokens?.refreshExpiresAt).toBeUndefined();
    expect(auth.getSnapshot().tokens?.sessionExpiresAt).toBeUndefined();
  });
});
