import fc from 'fast-check';
import { buildJwt } from 'unexpired/testing';
import { describe, expect, it } from 'vitest';
import type { TokenSet } from 'unexpired/core';
import { createTokenServer, type TokenServer } from '../support/token-server.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HALF_HOUR = 30 * MINUTE;
const AHEAD_MS = 20 * MINUTE;

/** Opaque tokens as the server issues them now: the access token lives for an hour, the refresh token for half an hour. */
const tokensOf = ({ world }: TokenServer): TokenSet => ({ accessToken: 'a0', refreshToken: 'r0', expiresAt: world.now() + HOUR, scopes: [], refreshExpiresAt: world.now() + HALF_HOUR });

const jwtOf = (count: number, now: number, lifetimeMs = HALF_HOUR) => buildJwt({ exp: Math.floor((now + lifetimeMs) / 1000), jti: `${count}` });

/** Lets the server answer nothing, and again after a while. Then the session must still be there, with new tokens. */
async function expectKept(server: TokenServer, auth: ReturnType<TokenServer['open']>['auth'], downMs: number) {
  const { answer } = server;
  server.answer = () => ({ status: 503, body: '' });
  await server.world.advance(downMs);
  expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', endReason: null });
  const before = auth.getSnapshot().tokens?.refreshToken;
  server.answer = answer;
  await server.world.advance(2 * MINUTE);
  await server.world.until(auth.refresh());
  expect(auth.getSnapshot().status).toBe('signedIn');
  expect(auth.getSnapshot().tokens?.refreshToken).not.toBe(before);
}

function openAhead(skewMs = AHEAD_MS) {
  const server = createTokenServer();
  server.world.skewMs = skewMs;
  server.answer = (count) => ({ body: { access_token: `a${count}`, refresh_token: `r${count}`, expires_in: 3600 } });
  return server;
}

describe('the stated end of a refresh token, on a device whose clock is ahead,', () => {
  it.each<[string, (set: TokenSet) => TokenSet | (() => TokenSet)]>([
    ['tokens', (set) => set],
    ['a function that returns tokens', (set) => () => set],
    ['a JWT with `exp` as refresh token', (set) => ({ ...set, refreshToken: jwtOf(0, set.expiresAt! - HOUR), refreshExpiresAt: undefined })],
    ['an access token that ends sooner', (set) => ({ ...set, expiresAt: set.expiresAt! - 55 * MINUTE })],
  ])('does not end the session early after a sign-in with %s', async (_, inputOf) => {
    const server = openAhead();
    const { auth } = server.open();
    await server.world.until(auth.signIn(inputOf(tokensOf(server))));
    await expectKept(server, auth, 12 * MINUTE);
  });

  it('does not end the session early after a reload', async () => {
    const server = openAhead();
    const first = server.open();
    await server.world.until(first.auth.signIn(tokensOf(server)));
    first.tab.kill();
    const { auth } = server.open();
    await server.world.until(auth.ready());
    await expectKept(server, auth, 12 * MINUTE);
  });

  it('does not end the session early after a refresh whose answer shows no time', async () => {
    const server = openAhead();
    const { auth } = server.open();
    await server.world.until(auth.signIn({ ...tokensOf(server), refreshExpiresAt: undefined }));
    server.answer = (count, now) => ({ body: { access_token: `a${count}`, refresh_token: jwtOf(count, now), expires_in: 3600 } });
    await server.world.until(auth.refresh());
    await expectKept(server, auth, 12 * MINUTE);
  });

  it('does not end the session early if an earlier answer showed the time, and the clock was set forward since', async () => {
    const server = openAhead(0);
    const { auth } = server.open();
    await server.world.until(auth.signIn({ ...tokensOf(server), refreshExpiresAt: undefined }));
    server.answer = (count, now) => ({ body: { access_token: `a${count}`, refresh_token: jwtOf(count, now), expires_in: 3600 }, headers: { date: new Date(now).toUTCString() } });
    await server.world.until(auth.refresh());
    server.world.skewMs = AHEAD_MS;
    server.answer = (count, now) => ({ body: { access_token: `a${count}`, refresh_token: jwtOf(count, now), expires_in: 3600 } });
    await server.world.until(auth.refresh());
    await expectKept(server, auth, 12 * MINUTE);
  });

  it('does not end the session early if an earlier release stored it', async () => {
    const server = openAhead();
    const first = server.open();
    await server.world.until(first.auth.signIn(() => ({ ...tokensOf(server), issuedAt: server.world.now() })));
    first.tab.kill();
    const { values } = server.world.storage;
    for (const [key, text] of values) values.set(key, String(text).replace(/,"isClockMeasured":true/, ''));
    const { auth } = server.open();
    await server.world.until(auth.ready());
    await expectKept(server, auth, HALF_HOUR + MINUTE);
  });
});

describe('the stated end of a refresh token counts as the end', () => {
  /** Keeps the server down. The session must last to the end of its refresh token, and be over at that of its access token. */
  async function expectEnd(server: TokenServer, auth: ReturnType<TokenServer['open']>['auth']) {
    server.answer = () => ({ status: 503, body: '' });
    await server.world.advance(HALF_HOUR - MINUTE);
    const before = server.sent.length;
    await server.world.advance(2 * MINUTE);
    const after = server.sent.length;
    expect(after).toBeGreaterThan(before);
    await server.world.advance(HALF_HOUR + 2 * MINUTE);
    expect(server.sent).toHaveLength(after);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'expired' });
  }

  it.each([[AHEAD_MS], [-AHEAD_MS], [0]])('if the answer shows the time by its `Date` (clock off by %i ms)', async (skewMs) => {
    const server = openAhead(skewMs);
    const { auth } = server.open();
    await server.world.until(auth.signIn(tokensOf(server)));
    server.answer = (count, now) => ({ body: { access_token: `a${count}`, refresh_token: jwtOf(count, now), expires_in: 3600 }, headers: { date: new Date(now).toUTCString() } });
    await server.world.until(auth.refresh());
    await expectEnd(server, auth);
  });

  it.each([[AHEAD_MS], [-AHEAD_MS]])('if the access token shows the time by its `iat` (clock off by %i ms)', async (skewMs) => {
    const server = openAhead(skewMs);
    const { auth } = server.open();
    await server.world.until(auth.signIn(tokensOf(server)));
    server.answer = (count, now) => ({ body: { access_token: buildJwt({ iat: Math.floor(now / 1000), jti: `${count}` }), refresh_token: jwtOf(count, now), expires_in: 3600 } });
    await server.world.until(auth.refresh());
    await expectEnd(server, auth);
  });

  it.each([[AHEAD_MS], [-AHEAD_MS]])('if the answer states a duration, which needs no clock (clock off by %i ms)', async (skewMs) => {
    const server = openAhead(skewMs);
    const { auth } = server.open();
    await server.world.until(auth.signIn(tokensOf(server)));
    server.answer = (count) => ({ body: { access_token: `a${count}`, refresh_token: `r${count}`, expires_in: 3600, refresh_expires_in: 1800 } });
    await server.world.until(auth.refresh());
    await expectEnd(server, auth);
  });

  it('if a sign-in by a function states when the API sent the tokens', async () => {
    const server = openAhead();
    const { auth } = server.open();
    await server.world.until(auth.signIn(() => ({ ...tokensOf(server), issuedAt: server.world.now() })));
    await expectEnd(server, auth);
  });
});

it('a session lasts through an outage that ends before its refresh token does, whatever the clock says and whatever time the answers show', async () => {
  const jump = fc.oneof(fc.constantFrom(0, AHEAD_MS, -AHEAD_MS), fc.integer({ min: -365 * 24 * HOUR, max: 365 * 24 * HOUR }));
  const shows = fc.record({ date: fc.boolean(), iat: fc.boolean(), duration: fc.boolean() });
  await fc.assert(fc.asyncProperty(jump, jump, jump, shows, shows, fc.integer({ min: 1, max: 27 }), fc.boolean(), async (first, second, third, before, after, downMinutes, isReloaded) => {
    const server = openAhead(first);
    const opened = server.open();
    await server.world.until(opened.auth.signIn(tokensOf(server)));
    const answerOf = ({ date, iat, duration }: typeof before) => (count: number, now: number) => ({
      body: {
        access_token: iat ? buildJwt({ iat: Math.floor(now / 1000), jti: `${count}` }) : `a${count}`, refresh_token: duration ? `r${count}` : jwtOf(count, now), expires_in: 300,
        ...(duration && { refresh_expires_in: 1800 }),
      },
      headers: { ...(date && { date: new Date(now).toUTCString() }) },
    });
    server.answer = answerOf(before);
    await server.world.until(opened.auth.refresh());
    server.world.skewMs = second;
    server.answer = answerOf(after);
    await server.world.until(opened.auth.refresh());
    server.world.skewMs = third;
    if (isReloaded) opened.tab.kill();
    const { auth } = isReloaded ? server.open() : opened;
    await server.world.until(auth.ready());
    await expectKept(server, auth, downMinutes * MINUTE);
  }), { numRuns: 25 });
});
