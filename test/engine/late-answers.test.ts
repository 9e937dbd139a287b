import type { AuthError } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSetup, isRefresh, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

describe('a refresh that hangs', () => {
  it('makes a call wait at most 10 s, and the session continues after the deadline of the refresh', async () => {
    const { auth } = await setup.openSignedIn();
    setup.faultRefreshes('hangBefore');
    setup.api.revokeAccessTokens();
    const startedAt = setup.world.now();
    expect(await setup.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'refresh_unavailable', transient: true });
    expect(setup.world.now() - startedAt).toBeLessThanOrEqual(10_100);
    setup.world.faultOf = () => 'none';
    await setup.world.advance(30_000);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });

  it('and is answered after 33 s still delivers its tokens, and no other refresh is sent meanwhile', async () => {
    const { auth } = await setup.openSignedIn();
    setup.api.revokeAccessTokens();
    setup.world.faultOf = (request) => {
      setup.world.latencyMs = isRefresh(request) ? 33_000 : 20;
      return 'none';
    };
    expect(await setup.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'refresh_unavailable', transient: true });
    await setup.world.advance(23_100);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.answers('refresh')).toEqual([200]);
    expect(setup.api.counts.reuses).toBe(0);
  });

  it('makes calls fail within 1 s in all tabs until it is given up, and `retryAt` shows when that is', async () => {
    const first = await setup.openSignedIn();
    const second = setup.open();
    setup.faultRefreshes('hangBefore');
    setup.api.revokeAccessTokens();
    await setup.world.until(rejection(first.auth.fetch('/users/me')));
    const answerableUntil = setup.world.now() + 24_000;

    await setup.world.advance(5000);
    for (const { auth, tab } of [first, second]) {
      tab.wake('online');
      const calledAt = setup.world.now();
      const error = (await setup.world.until(rejection(auth.fetch('/users/me')))) as AuthError;
      expect(error).toMatchObject({ code: 'refresh_unavailable' });
      expect(error.retryAt).toBeGreaterThanOrEqual(answerableUntil);
      expect(setup.world.now() - calledAt).toBeLessThan(1000);
    }
    setup.world.faultOf = () => 'none';
    await setup.world.advance(26_000);
    for (const { auth } of [first, second]) expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts.refreshes).toBe(1);
  });

  // claim: late-answer-revives-nothing
  it('and is answered after a sign-out does not restore the session', async () => {
    const { auth } = await setup.openSignedIn();
    setup.world.latencyMs = 24_000;
    void auth.refresh().catch(() => undefined);
    await setup.world.advance(15_000);
    await setup.world.until(auth.signOut());
    await setup.world.advance(30_000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', tokens: null });
    expect(setup.storedText()).not.toContain('eyJ');
  });

  it('continues if one caller aborts, and that call rejects with the reason of its signal', async () => {
    const { auth } = await setup.openSignedIn();
    setup.api.revokeAccessTokens();
    setup.world.latencyMs = 4000;
    const controller = new AbortController();
    const call = rejection(auth.fetch('/users/me', { signal: controller.signal }));
    const other = auth.fetch('/users/me');
    await setup.world.advance(5000);
    const reason = new Error('the user left the page');
    controller.abort(reason);
    expect(await setup.world.until(call)).toBe(reason);
    expect((await setup.world.until(other)).status).toBe(200);
    expect(setup.answers('refresh')).toEqual([200]);
  });
});
