import type { AuthError } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createScene, isRefresh, rejection, type Scene } from '../support/scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = createScene();
});

describe('a refresh that hangs', () => {
  it('makes a call wait at most 10 s, and the session continues after the deadline of the refresh', async () => {
    const { auth } = await scene.openSignedIn();
    scene.faultRefreshes('hangBefore');
    scene.api.revokeAccessTokens();
    const startedAt = scene.world.now();
    expect(await scene.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'refresh_unavailable', transient: true });
    expect(scene.world.now() - startedAt).toBeLessThanOrEqual(10_100);
    scene.world.faultOf = () => 'none';
    await scene.world.advance(30_000);
    expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });

  it('and is answered after 33 s still delivers its tokens, and no other refresh is sent meanwhile', async () => {
    const { auth } = await scene.openSignedIn();
    scene.api.revokeAccessTokens();
    scene.world.faultOf = (request) => {
      scene.world.latencyMs = isRefresh(request) ? 33_000 : 20;
      return 'none';
    };
    expect(await scene.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'refresh_unavailable', transient: true });
    await scene.world.advance(23_100);
    expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(scene.answers('refresh')).toEqual([200]);
    expect(scene.api.counts.reuses).toBe(0);
  });

  it('makes calls fail within 1 s in all tabs until it is given up, and `retryAt` shows when that is', async () => {
    const first = await scene.openSignedIn();
    const second = scene.open();
    scene.faultRefreshes('hangBefore');
    scene.api.revokeAccessTokens();
    await scene.world.until(rejection(first.auth.fetch('/users/me')));
    const answerableUntil = scene.world.now() + 24_000;

    await scene.world.advance(5000);
    for (const { auth, tab } of [first, second]) {
      tab.wake('online');
      const calledAt = scene.world.now();
      const error = (await scene.world.until(rejection(auth.fetch('/users/me')))) as AuthError;
      expect(error).toMatchObject({ code: 'refresh_unavailable' });
      expect(error.retryAt).toBeGreaterThanOrEqual(answerableUntil);
      expect(scene.world.now() - calledAt).toBeLessThan(1000);
    }
    scene.world.faultOf = () => 'none';
    await scene.world.advance(26_000);
    for (const { auth } of [first, second]) expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(scene.api.counts.refreshes).toBe(1);
  });

  // claim: late-answer-revives-nothing
  it('and is answered after a sign-out does not restore the session', async () => {
    const { auth } = await scene.openSignedIn();
    scene.world.latencyMs = 24_000;
    void auth.refresh().catch(() => undefined);
    await scene.world.advance(15_000);
    await scene.world.until(auth.signOut());
    await scene.world.advance(30_000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', tokens: null });
    expect(scene.storedText()).not.toContain('eyJ');
  });

  it('continues if one caller aborts, and that call rejects with the reason of its signal', async () => {
    const { auth } = await scene.openSignedIn();
    scene.api.revokeAccessTokens();
    scene.world.latencyMs = 4000;
    const controller = new AbortController();
    const call = rejection(auth.fetch('/users/me', { signal: controller.signal }));
    const other = auth.fetch('/users/me');
    await scene.world.advance(5000);
    const reason = new Error('the user left the page');
    controller.abort(reason);
    expect(await scene.world.until(call)).toBe(reason);
    expect((await scene.world.until(other)).status).toBe(200);
    expect(scene.answers('refresh')).toEqual([200]);
  });
});
