import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildJwt } from 'unexpired/testing';
import { requestTokens } from 'unexpired/core';
import { createBotTokens } from 'unexpired/bonfire';
import { BASE_URL, createSetup, LIFETIME_MS, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

describe('a wrong device clock', () => {
  const HOUR = 3600_000;
  it.each([HOUR, -HOUR, 10 * 8766 * HOUR, -10 * 8766 * HOUR])('that is %i ms off causes no additional refresh and no rejection', async (skewMs) => {
    setup.world.skewMs = skewMs;
    const { auth } = setup.open();
    await setup.signIn(auth);
    for (let call = 0; call < 10; call++) expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    await setup.world.advance(LIFETIME_MS / 2);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts).toMatchObject({ refreshes: 0, rejections: 0 });
    await setup.world.advance(LIFETIME_MS);
    expect(setup.api.counts).toMatchObject({ rejections: 0 });
    expect(setup.api.counts.refreshes).toBeLessThanOrEqual(2);
    expect(Math.abs(auth.getSnapshot().clockOffset + skewMs)).toBeLessThan(2000);
  });

  it.each([HOUR, -HOUR])('that jumps by %i ms during a session causes at most one refresh', async (jump) => {
    const { auth, tab } = setup.open();
    await setup.signIn(auth);
    await setup.world.advance(5000);
    setup.world.skewMs = jump;
    tab.wake('focus');
    for (let call = 0; call < 10; call++) expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts.refreshes).toBeLessThanOrEqual(1);
    await setup.world.advance(LIFETIME_MS * 2);
    expect(setup.api.counts).toMatchObject({ rejections: 0, reuses: 0 });
    expect(setup.api.counts.refreshes).toBeLessThanOrEqual(4);
  });

  it('is not corrected by an `iat` in milliseconds, so the token is still refreshed before it expires', async () => {
    const readRefresh: typeof setup.protocol.readRefresh = (_, previous) => ({
      kind: 'granted',
      tokens: { ...previous, accessToken: buildJwt({ iat: setup.world.now() }), expiresAt: setup.world.now() + LIFETIME_MS },
    });
    const { auth } = setup.open({ protocol: { ...setup.protocol, readRefresh } });
    await setup.signIn(auth);
    await setup.world.until(auth.refresh());
    expect(Math.abs(auth.getSnapshot().clockOffset)).toBeLessThan(2000);
    await setup.world.advance(LIFETIME_MS);
    expect(setup.answers('refresh')).toHaveLength(2);
  });

  it('that is behind does not lengthen the life of tokens that were requested before the sign-in', async () => {
    setup.world.skewMs = -HOUR;
    const { auth } = setup.open();
    const { ember } = await setup.world.until(requestTokens(auth, createBotTokens(setup.protocol, ['ember'])));
    await setup.world.until(auth.signIn(ember!));
    await setup.world.advance(LIFETIME_MS * 0.9);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts).toMatchObject({ refreshes: 1, rejections: 0 });
  });

  it('that is ahead causes one refresh, not a loop, for tokens that were requested before the sign-in', async () => {
    setup.world.skewMs = HOUR;
    const { auth } = setup.open();
    const { ember } = await setup.world.until(requestTokens(auth, createBotTokens(setup.protocol, ['ember'])));
    await setup.world.until(auth.signIn(ember!));
    for (let call = 0; call < 10; call++) expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts).toMatchObject({ refreshes: 1, rejections: 0 });
  });

  it.each([0, 10, 50, 500])('that leaves opaque tokens only %i ms of their life causes at most two refreshes in one life', async (leftMs) => {
    const readRefresh: typeof setup.protocol.readRefresh = (_, previous) => ({
      kind: 'granted',
      tokens: { ...previous, accessToken: 'opaque', expiresAt: setup.world.now() + LIFETIME_MS },
    });
    const { auth } = setup.open({ protocol: { ...setup.protocol, readRefresh } });
    await setup.signIn(auth);
    setup.world.skewMs = LIFETIME_MS - leftMs;
    await setup.world.advance(LIFETIME_MS);
    expect(setup.answers('refresh').length).toBeLessThan(3);
  });

  it.each([0, HOUR, -HOUR])('that is %i ms off does not lengthen the life of a token that the API returns again', async (skewMs) => {
    setup.world.skewMs = skewMs;
    const tab = setup.world.openTab();
    let kept: Response | null = null;
    let keptAt = 0;
    const fetch: typeof tab.platform.fetch = async (input, init) => {
      if (!String(input).endsWith('/oauth')) return tab.platform.fetch(input, init);
      if (kept && setup.world.now() - keptAt < LIFETIME_MS * 0.95) return kept.clone();
      kept = await tab.platform.fetch(input, init);
      keptAt = setup.world.now();
      return kept.clone();
    };
    const { auth } = setup.open({ platform: { ...tab.platform, fetch } });
    await setup.signIn(auth);
    for (let call = 0; call < 200; call++) {
      await setup.world.advance(1000);
      await setup.world.until(auth.fetch('/users/me'));
    }
    expect(setup.api.counts.rejections).toBe(0);
    expect(setup.answers('refresh').length).toBeLessThan(10);
  });

  it('that is set back over a reload does not lengthen the life of a token, because one refresh measures the time again', async () => {
    const first = setup.open();
    await setup.signIn(first.auth);
    first.tab.kill();
    setup.world.skewMs = -HOUR;
    const { auth } = setup.open();
    auth.subscribe(() => undefined);
    await setup.world.advance(100);
    expect(setup.api.counts.refreshes).toBe(1);
    await setup.world.advance(LIFETIME_MS * 0.9);
    expect(setup.api.counts.refreshes).toBe(2);
    expect((await setup.world.until(auth.fetch(`${BASE_URL}/users/me`))).status).toBe(200);
    expect(setup.api.counts.rejections).toBe(0);
  });

  it('that is set back while a tab is frozen during a refresh does not lengthen the life of the new token', async () => {
    const { auth, tab } = setup.open();
    await setup.signIn(auth);
    setup.world.latencyMs = 100;
    const refreshed = auth.refresh();
    await setup.world.advance(75); // The API has answered, and the answer is on its way.
    tab.process.freeze();
    await setup.world.advance(5000);
    setup.world.skewMs = -HOUR;
    tab.process.thaw();
    const { expiresAt } = await setup.world.until(refreshed);
    setup.faultRefreshes('hangBefore');
    await setup.world.advance(expiresAt! - setup.world.now() - 2000);
    const calls = [];
    for (let call = 0; call < 8; call++) {
      calls.push(auth.fetch('/users/me').catch(() => undefined));
      await setup.world.advance(1000);
    }
    await setup.world.until(Promise.all(calls));
    expect(setup.api.calls.filter(({ expiredByMs }) => expiredByMs !== undefined)).toEqual([]);
  });

  it('that jumps repeatedly by any span causes at most one refresh for each jump, and no rejection', async () => {
    const YEAR = 8766 * HOUR;
    const jump = fc.oneof(fc.integer({ min: -10 * YEAR, max: 10 * YEAR }), fc.constantFrom(0, HOUR, -HOUR, 5000, -5000, 500, -500));
    const moves = fc.array(fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), jump }), { minLength: 1, maxLength: 6 });
    await fc.assert(fc.asyncProperty(fc.constantFrom(2000, 10_000, LIFETIME_MS), moves, async (lifetimeMs, drawn) => {
      setup = createSetup({ accessTokenLifetimeMs: lifetimeMs });
      const { auth } = setup.open();
      await setup.signIn(auth);
      let elapsed = 0;
      for (const { share, jump: skewMs } of drawn) {
        setup.world.skewMs = skewMs;
        await setup.world.advance(share * lifetimeMs);
        elapsed += share;
        expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
      }
      expect(setup.api.counts.rejections).toBe(0);
      // A refresh is at most half a life early. The lives of short tokens are rounded to whole seconds, so they need more.
      expect(setup.api.counts.refreshes).toBeLessThanOrEqual(Math.ceil(elapsed * (lifetimeMs < 5000 ? 4 : 2)) + drawn.length);
    }), { numRuns: 200 });
  });
});
