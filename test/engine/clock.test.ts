import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildJwt } from 'unexpired/testing';
import { BASE_URL, createScene, LIFETIME_MS, type Scene } from '../support/scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = createScene();
});

describe('a wrong device clock', () => {
  const HOUR = 3600_000;
  it.each([HOUR, -HOUR, 10 * 8766 * HOUR, -10 * 8766 * HOUR])('that is %i ms off causes no additional refresh and no rejection', async (skewMs) => {
    scene.world.skewMs = skewMs;
    const { auth } = scene.open();
    await scene.signIn(auth);
    for (let call = 0; call < 10; call++) expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
    await scene.world.advance(LIFETIME_MS / 2);
    expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(scene.api.counts).toMatchObject({ refreshes: 0, rejections: 0 });
    await scene.world.advance(LIFETIME_MS);
    expect(scene.api.counts).toMatchObject({ rejections: 0 });
    expect(scene.api.counts.refreshes).toBeLessThanOrEqual(2);
    expect(Math.abs(auth.getSnapshot().clockOffset + skewMs)).toBeLessThan(2000);
  });

  it.each([HOUR, -HOUR])('that jumps by %i ms during a session causes at most one refresh', async (jump) => {
    const { auth, tab } = scene.open();
    await scene.signIn(auth);
    await scene.world.advance(5000);
    scene.world.skewMs = jump;
    tab.wake('focus');
    for (let call = 0; call < 10; call++) expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(scene.api.counts.refreshes).toBeLessThanOrEqual(1);
    await scene.world.advance(LIFETIME_MS * 2);
    expect(scene.api.counts).toMatchObject({ rejections: 0, reuses: 0 });
    expect(scene.api.counts.refreshes).toBeLessThanOrEqual(4);
  });

  it('is not corrected by an `iat` in milliseconds, so the token is still refreshed before it expires', async () => {
    const readRefresh: typeof scene.protocol.readRefresh = (_, previous) => ({
      kind: 'granted',
      tokens: { ...previous, accessToken: buildJwt({ iat: scene.world.now() }), expiresAt: scene.world.now() + LIFETIME_MS },
    });
    const { auth } = scene.open({ protocol: { ...scene.protocol, readRefresh } });
    await scene.signIn(auth);
    await scene.world.until(auth.refresh());
    expect(Math.abs(auth.getSnapshot().clockOffset)).toBeLessThan(2000);
    await scene.world.advance(LIFETIME_MS);
    expect(scene.answers('refresh')).toHaveLength(2);
  });

  it('that is behind does not lengthen the life of tokens that were requested before the sign-in', async () => {
    scene.world.skewMs = -HOUR;
    const { auth } = scene.open();
    const { ember } = await scene.world.until(auth.requestTokens(scene.protocol.createBotTokens(['ember'])));
    await scene.world.until(auth.signIn(ember!));
    await scene.world.advance(LIFETIME_MS * 0.9);
    expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(scene.api.counts).toMatchObject({ refreshes: 1, rejections: 0 });
  });

  it('that is ahead causes one refresh, not a loop, for tokens that were requested before the sign-in', async () => {
    scene.world.skewMs = HOUR;
    const { auth } = scene.open();
    const { ember } = await scene.world.until(auth.requestTokens(scene.protocol.createBotTokens(['ember'])));
    await scene.world.until(auth.signIn(ember!));
    for (let call = 0; call < 10; call++) expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(scene.api.counts).toMatchObject({ refreshes: 1, rejections: 0 });
  });

  it.each([0, 10, 50, 500])('that leaves opaque tokens only %i ms of their life causes at most two refreshes in one life', async (leftMs) => {
    const readRefresh: typeof scene.protocol.readRefresh = (_, previous) => ({
      kind: 'granted',
      tokens: { ...previous, accessToken: 'opaque', expiresAt: scene.world.now() + LIFETIME_MS },
    });
    const { auth } = scene.open({ protocol: { ...scene.protocol, readRefresh } });
    await scene.signIn(auth);
    scene.world.skewMs = LIFETIME_MS - leftMs;
    await scene.world.advance(LIFETIME_MS);
    expect(scene.answers('refresh').length).toBeLessThan(3);
  });

  it.each([0, HOUR, -HOUR])('that is %i ms off does not lengthen the life of a token that the API returns again', async (skewMs) => {
    scene.world.skewMs = skewMs;
    const tab = scene.world.openTab();
    let kept: Response | null = null;
    let keptAt = 0;
    const fetch: typeof tab.platform.fetch = async (input, init) => {
      if (!String(input).endsWith('/oauth')) return tab.platform.fetch(input, init);
      if (kept && scene.world.now() - keptAt < LIFETIME_MS * 0.95) return kept.clone();
      kept = await tab.platform.fetch(input, init);
      keptAt = scene.world.now();
      return kept.clone();
    };
    const { auth } = scene.open({ platform: { ...tab.platform, fetch } });
    await scene.signIn(auth);
    for (let call = 0; call < 200; call++) {
      await scene.world.advance(1000);
      await scene.world.until(auth.fetch('/users/me'));
    }
    expect(scene.api.counts.rejections).toBe(0);
    expect(scene.answers('refresh').length).toBeLessThan(10);
  });

  it('that is set back over a reload does not lengthen the life of a token, because one refresh learns the time again', async () => {
    const first = scene.open();
    await scene.signIn(first.auth);
    first.tab.kill();
    scene.world.skewMs = -HOUR;
    const { auth } = scene.open();
    auth.subscribe(() => undefined);
    await scene.world.advance(100);
    expect(scene.api.counts.refreshes).toBe(1);
    await scene.world.advance(LIFETIME_MS * 0.9);
    expect(scene.api.counts.refreshes).toBe(2);
    expect((await scene.world.until(auth.fetch(`${BASE_URL}/users/me`))).status).toBe(200);
    expect(scene.api.counts.rejections).toBe(0);
  });

  it('that is set back while a tab is frozen during a refresh does not lengthen the life of the new token', async () => {
    const { auth, tab } = scene.open();
    await scene.signIn(auth);
    scene.world.latencyMs = 100;
    const refreshed = auth.refresh();
    await scene.world.advance(75); // The API has answered, and the answer is on its way.
    tab.life.freeze();
    await scene.world.advance(5000);
    scene.world.skewMs = -HOUR;
    tab.life.thaw();
    const { expiresAt } = await scene.world.until(refreshed);
    scene.faultRefreshes('hangBefore');
    await scene.world.advance(expiresAt! - scene.world.now() - 2000);
    const calls = [];
    for (let call = 0; call < 8; call++) {
      calls.push(auth.fetch('/users/me').catch(() => undefined));
      await scene.world.advance(1000);
    }
    await scene.world.until(Promise.all(calls));
    expect(scene.api.calls.filter(({ expiredByMs }) => expiredByMs !== undefined)).toEqual([]);
  });

  it('that jumps repeatedly by any span causes at most one refresh for each jump, and no rejection', async () => {
    const YEAR = 8766 * HOUR;
    const jump = fc.oneof(fc.integer({ min: -10 * YEAR, max: 10 * YEAR }), fc.constantFrom(0, HOUR, -HOUR, 5000, -5000, 500, -500));
    const moves = fc.array(fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), jump }), { minLength: 1, maxLength: 6 });
    await fc.assert(fc.asyncProperty(fc.constantFrom(2000, 10_000, LIFETIME_MS), moves, async (lifetimeMs, drawn) => {
      scene = createScene({ accessTokenLifetimeMs: lifetimeMs });
      const { auth } = scene.open();
      await scene.signIn(auth);
      let elapsed = 0;
      for (const { share, jump: skewMs } of drawn) {
        scene.world.skewMs = skewMs;
        await scene.world.advance(share * lifetimeMs);
        elapsed += share;
        expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
      }
      expect(scene.api.counts.rejections).toBe(0);
      // A refresh is at most half a life early. The lives of short tokens are rounded to whole seconds, so they need more.
      expect(scene.api.counts.refreshes).toBeLessThanOrEqual(Math.ceil(elapsed * (lifetimeMs < 5000 ? 4 : 2)) + drawn.length);
    }), { numRuns: 200 });
  });
});
