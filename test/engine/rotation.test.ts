import { beforeEach, describe, expect, it } from 'vitest';
import type { AuthClient } from 'unexpired/core';
import type { NetworkFault } from '../support/world.ts';
import { createSetup, isRefresh, LIFETIME_MS, NOTHING_HELD, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

/** Applies a fault to the next refresh request only. */
function failNextRefresh(fault: NetworkFault): void {
  setup.world.faultOf = (request) => {
    if (!isRefresh(request)) return 'none';
    setup.world.faultOf = () => 'none';
    return fault;
  };
}

/** Opens a tab and starts its client. */
function open(hasLocks = true) {
  const opened = setup.open({}, { hasLocks });
  opened.auth.subscribe(() => undefined);
  return opened;
}

/** Counts the refresh requests that are sent, whether they are answered or not. */
function countRefreshes(): () => number {
  const { faultOf } = setup.world;
  let sent = 0;
  setup.world.faultOf = (request) => {
    if (isRefresh(request)) sent++;
    return faultOf(request);
  };
  return () => sent;
}

const endOf = (auth: AuthClient) => auth.getSnapshot().endReason;

describe('a refresh whose answer is lost', () => {
  // claim: grace-period-used
  it.each(['dropAfter', 'hangAfter'] as const)('after a rotation is sent again within the grace period of the API, and the session continues (%s)', async (fault) => {
    setup.api.configure({ reuseGraceMs: 60_000 });
    const { auth } = open();
    await setup.signIn(auth);
    failNextRefresh(fault);
    await setup.world.advance(LIFETIME_MS * 2);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts.reuses).toBe(0);
  });

  // claim: lost-rotation-named
  it('after a rotation ends the session as rotation_lost if the API has no grace period', async () => {
    const { auth } = open();
    await setup.signIn(auth);
    failNextRefresh('dropAfter');
    await setup.world.advance(LIFETIME_MS * 2);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'rotation_lost' });
  });

  it('because its tab was killed is sent again by another tab, and the session ends as rotation_lost', async () => {
    const [killed, other] = [open(), open()];
    await setup.signIn(killed.auth);
    void killed.auth.refresh().catch(() => undefined);
    await setup.refreshSent();
    await setup.world.advance(setup.world.latencyMs / 2);
    killed.tab.kill();
    await setup.world.until(rejection(other.auth.refresh()));
    expect(endOf(other.auth)).toBe('rotation_lost');
  });

  it('does not affect the end reason of the session once a later refresh has succeeded', async () => {
    const { auth } = open();
    await setup.signIn(auth);
    failNextRefresh('dropBefore');
    await setup.world.advance(LIFETIME_MS * 2);
    expect(auth.getSnapshot().status).toBe('signedIn');
    setup.api.endSession({}, 451);
    await setup.world.until(rejection(auth.refresh()));
    expect(endOf(auth)).toBe('refresh_token_invalid');
  });

});

describe('a refresh', () => {
  // A 429 shows that nothing was rotated. An answer of a failing gateway does not.
  it.each([
    [429, 'refresh_token_invalid'],
    [504, 'rotation_lost'],
  ])('that is answered with HTTP %i makes a refusal of the next one end the session as %s', async (status, reason) => {
    const { auth } = open();
    await setup.signIn(auth);
    const remove = setup.api.addFault({ endpoint: 'refresh', kind: 'status', status });
    await setup.world.until(rejection(auth.refresh()));
    remove();
    setup.api.endSession({}, 451);
    await setup.world.advance(LIFETIME_MS);
    expect(endOf(auth)).toBe(reason);
  });

  it('whose expiry cannot be read still brings its new refresh token', async () => {
    const tab = setup.world.openTab();
    let isUnreadable = true;
    const { auth } = setup.open({
      platform: {
        ...tab.platform,
        fetch: async (input, init) => {
          const response = await tab.platform.fetch(input, init);
          if (!isUnreadable || !String(input).endsWith('/oauth')) return response;
          isUnreadable = false;
          return new Response((await response.text()).replace(/"expires_at":"[^"]*"/, '"expires_at":"2026-01-01 00:01:00"'), response);
        },
      },
    });
    await setup.signIn(auth);
    await setup.world.until(auth.refresh().catch(() => undefined));
    await setup.world.advance(LIFETIME_MS * 3);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', endReason: null });
    expect(setup.api.counts.reuses).toBe(0);
  });
});

describe('a refresh that never reached the API', () => {
  it.each(['dropBefore', 'hangBefore'] as const)('ends no session, even if that happens repeatedly (%s)', async (fault) => {
    const [first, second] = [open(), open()];
    await setup.signIn(first.auth);
    setup.faultRefreshes(fault);
    await setup.world.advance(LIFETIME_MS * 5);
    setup.world.faultOf = () => 'none';
    await setup.world.advance(LIFETIME_MS * 2);
    expect([first, second].map(({ auth }) => auth.getSnapshot().status)).toEqual(['signedIn', 'signedIn']);
    expect(setup.api.counts.reuses).toBe(0);
  });

  it('because its tab was killed before it was sent ends no session', async () => {
    const other = open();
    await setup.signIn(other.auth);
    setup.world.delayOf = () => 5; // The record is read and the attempt noted after 10 ms.
    for (let phase = 0; phase < 10; phase++) {
      const killed = open();
      await setup.world.advance(20);
      void killed.auth.refresh().catch(() => undefined);
      await setup.world.advance(phase);
      killed.tab.kill();
      await setup.world.advance(LIFETIME_MS);
    }
    expect(other.auth.getSnapshot().status).toBe('signedIn');
    expect(setup.api.counts.reuses).toBe(0);
  });
});

describe('tabs without Web Locks', () => {
  it('send one refresh, because the attempt that is noted in storage holds the others back', async () => {
    const tabs = Array.from({ length: 8 }, () => open(false));
    await setup.signIn(tabs[0]!.auth);
    await setup.world.advance(100);
    setup.api.revokeAccessTokens();
    setup.world.latencyMs = 1000;
    const calls = tabs.flatMap(({ auth }) => Array.from({ length: 20 }, () => auth.fetch('/users/me')));
    const answers = await setup.world.until(Promise.all(calls));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0 });
  });

  it('refresh again after one was killed during its attempt, once that has timed out', async () => {
    const [killed, other] = [open(false), open(false)];
    await setup.signIn(killed.auth);
    failNextRefresh('hangBefore');
    void killed.auth.refresh().catch(() => undefined);
    await setup.world.advance(15);
    killed.tab.kill();
    const sent = countRefreshes();
    await setup.world.advance(LIFETIME_MS * 2);
    expect(sent()).toBeGreaterThan(0);
    expect((await setup.world.until(other.auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts.reuses).toBe(0);
  });

  it('time an attempt by the monotonic clock, so a jump of the wall clock starts no second one', async () => {
    const [slow, quick] = [open(false), open(false)];
    await setup.signIn(slow.auth);
    await setup.world.advance(100);
    setup.world.latencyMs = 8000;
    void slow.auth.refresh();
    await setup.world.advance(100);
    setup.world.skewMs = 3_600_000;
    void quick.auth.refresh();
    await setup.world.advance(LIFETIME_MS * 2);
    expect([slow, quick].map(({ auth }) => auth.getSnapshot().status)).toEqual(['signedIn', 'signedIn']);
    expect(setup.api.counts).toMatchObject({ reuses: 0, maxConcurrentRefreshes: 1 });
  });

  it('send no second refresh if the wall clock jumps while an answer is late', async () => {
    const [slow, quick] = [open(false), open(false)];
    await setup.signIn(slow.auth);
    await setup.world.advance(100);
    const sent = countRefreshes();
    setup.world.latencyMs = 33_000;
    void slow.auth.refresh().catch(() => undefined);
    await setup.world.advance(11_000);
    setup.world.skewMs = 3_600_000;
    void quick.auth.refresh().catch(() => undefined);
    await setup.world.advance(22_500);
    expect(sent()).toBe(1);
    expect(quick.auth.getSnapshot().tokens).toEqual(slow.auth.getSnapshot().tokens);
  });

  it('leave nothing running when one is disposed while it waits for the attempt of another', async () => {
    const [slow, quick] = [open(false), open(false)];
    await setup.signIn(slow.auth);
    setup.world.latencyMs = 5000;
    void slow.auth.refresh();
    await setup.world.advance(100);
    void quick.auth.refresh().catch(() => undefined);
    await setup.world.advance(100);
    quick.auth.dispose();
    await setup.world.advance(100);
    expect(quick.tab.held()).toEqual(NOTHING_HELD);
  });
});
