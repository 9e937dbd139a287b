import { beforeEach, describe, expect, it } from 'vitest';
import type { AuthClient } from 'unexpired/core';
import type { NetworkFault } from '../support/world.ts';
import { createScene, LIFETIME_MS, rejection, type Scene } from '../support/scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = createScene();
});

const isRefresh = ({ url }: Request) => url.endsWith('/oauth');

/** Makes the next refresh request meet a fault, and no other one. */
function nextRefresh(fault: NetworkFault): void {
  scene.world.faultOf = (request) => {
    if (!isRefresh(request)) return 'none';
    scene.world.faultOf = () => 'none';
    return fault;
  };
}

function open(locks = true) {
  const tab = scene.world.openTab();
  const platform = locks ? tab.platform : { ...tab.platform, locks: null };
  const { auth } = scene.open({ platform });
  auth.subscribe(() => undefined);
  return { tab, auth };
}

/** Counts what is sent, answered or not. */
function countRefreshes(): () => number {
  const { faultOf } = scene.world;
  let sent = 0;
  scene.world.faultOf = (request) => {
    if (isRefresh(request)) sent++;
    return faultOf(request);
  };
  return () => sent;
}

const endOf = (auth: AuthClient) => auth.getSnapshot().endReason;

describe('a refresh whose answer is lost after the API has rotated', () => {
  // claim: grace-period-used
  it.each(['dropAfter', 'hangAfter'] as const)('is asked for again within the grace of the API, and the session lives (%s)', async (fault) => {
    scene.api.configure({ reuseGraceMs: 60_000 });
    const { auth } = open();
    await scene.signIn(auth);
    nextRefresh(fault);
    await scene.world.advance(LIFETIME_MS * 2);
    expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(scene.api.counts.reuses).toBe(0);
  });

  // claim: lost-rotation-named
  it('ends the session with a reason that says so where the API has no grace', async () => {
    const { auth } = open();
    await scene.signIn(auth);
    nextRefresh('dropAfter');
    await scene.world.advance(LIFETIME_MS * 2);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'rotation_lost' });
  });

  it('by a tab that was killed is asked for again by another tab, which knows of it', async () => {
    const [doomed, other] = [open(), open()];
    await scene.signIn(doomed.auth);
    void doomed.auth.refresh().catch(() => undefined);
    await scene.world.until(new Promise<void>((resolve) => {
      scene.world.faultOf = (request) => {
        if (isRefresh(request)) resolve();
        return 'none';
      };
    }));
    await scene.world.advance(scene.world.latencyMs / 2);
    doomed.tab.kill();
    await scene.world.until(rejection(other.auth.refresh()));
    expect(endOf(other.auth)).toBe('rotation_lost');
  });

  it('leaves a doubt that a later answer clears', async () => {
    const { auth } = open();
    await scene.signIn(auth);
    nextRefresh('dropBefore');
    await scene.world.advance(LIFETIME_MS * 2);
    expect(auth.getSnapshot().status).toBe('signedIn');
    scene.api.endSession({}, 451);
    await scene.world.until(rejection(auth.refresh()));
    expect(endOf(auth)).toBe('refresh_token_invalid');
  });

  it.each([
    ['a 429 says that nothing was rotated', 429, 'refresh_token_invalid'],
    ['a gateway that fails says nothing', 504, 'rotation_lost'],
  ])('is told from a refusal: %s', async (_, status, reason) => {
    const { auth } = open();
    await scene.signIn(auth);
    const remove = scene.api.addFault({ endpoint: 'refresh', kind: 'status', status });
    await scene.world.until(rejection(auth.refresh()));
    remove();
    scene.api.endSession({}, 451);
    await scene.world.advance(LIFETIME_MS);
    expect(endOf(auth)).toBe(reason);
  });
});

describe('a refresh', () => {
  it('whose expiry cannot be read does not cost the refresh token that it brings', async () => {
    const tab = scene.world.openTab();
    let odd = true;
    const { auth } = scene.open({
      platform: {
        ...tab.platform,
        fetch: async (input, init) => {
          const response = await tab.platform.fetch(input, init);
          if (!odd || !String(input).endsWith('/oauth')) return response;
          odd = false;
          return new Response((await response.text()).replace(/"expires_at":"[^"]*"/, '"expires_at":"2026-01-01 00:01:00"'), response);
        },
      },
    });
    await scene.signIn(auth);
    await scene.world.until(auth.refresh().catch(() => undefined));
    await scene.world.advance(LIFETIME_MS * 3);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', endReason: null });
    expect(scene.api.counts.reuses).toBe(0);
  });
});

describe('a refresh that the API never got', () => {
  it.each(['dropBefore', 'hangBefore'] as const)('ends nothing, however often it happens (%s)', async (fault) => {
    const [first, second] = [open(), open()];
    await scene.signIn(first.auth);
    scene.world.faultOf = (request) => (isRefresh(request) ? fault : 'none');
    await scene.world.advance(LIFETIME_MS * 5);
    scene.world.faultOf = () => 'none';
    await scene.world.advance(LIFETIME_MS * 2);
    expect([first, second].map(({ auth }) => auth.getSnapshot().status)).toEqual(['signedIn', 'signedIn']);
    expect(scene.api.counts.reuses).toBe(0);
  });

  it('as its tab was killed before it was sent ends nothing', async () => {
    const other = open();
    await scene.signIn(other.auth);
    scene.world.delayOf = () => 5; // Read and noted after 10 ms.
    for (let phase = 0; phase < 10; phase++) {
      const victim = open();
      await scene.world.advance(20);
      void victim.auth.refresh().catch(() => undefined);
      await scene.world.advance(phase);
      victim.tab.kill();
      await scene.world.advance(LIFETIME_MS);
    }
    expect(other.auth.getSnapshot().status).toBe('signedIn');
    expect(scene.api.counts.reuses).toBe(0);
  });
});

describe('tabs without Web Locks', () => {
  it('send one refresh all the same: the attempt that is noted in storage holds the others back', async () => {
    const tabs = Array.from({ length: 8 }, () => open(false));
    await scene.signIn(tabs[0]!.auth);
    await scene.world.advance(100);
    scene.api.revokeAccessTokens();
    scene.world.latencyMs = 1000;
    const calls = tabs.flatMap(({ auth }) => Array.from({ length: 20 }, () => auth.fetch('/users/me')));
    const answers = await scene.world.until(Promise.all(calls));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(scene.api.counts).toMatchObject({ refreshes: 1, reuses: 0 });
  });

  it('go on after one that was killed in the middle, once its attempt must be over', async () => {
    const [doomed, other] = [open(false), open(false)];
    await scene.signIn(doomed.auth);
    nextRefresh('hangBefore');
    void doomed.auth.refresh().catch(() => undefined);
    await scene.world.advance(15);
    doomed.tab.kill();
    const sent = countRefreshes();
    await scene.world.advance(LIFETIME_MS * 2);
    expect(sent()).toBeGreaterThan(0);
    expect((await scene.world.until(other.auth.fetch('/users/me'))).status).toBe(200);
    expect(scene.api.counts.reuses).toBe(0);
  });

  it('are not fooled by a clock that jumps: an attempt is over by the clock that does not', async () => {
    const [slow, quick] = [open(false), open(false)];
    await scene.signIn(slow.auth);
    await scene.world.advance(100);
    scene.world.latencyMs = 8000;
    void slow.auth.refresh();
    await scene.world.advance(100);
    scene.world.skewMs = 3_600_000;
    void quick.auth.refresh();
    await scene.world.advance(LIFETIME_MS * 2);
    expect([slow, quick].map(({ auth }) => auth.getSnapshot().status)).toEqual(['signedIn', 'signedIn']);
    expect(scene.api.counts).toMatchObject({ reuses: 0, maxConcurrentRefreshes: 1 });
  });

  it('are not fooled by one that jumps while an answer is late, either', async () => {
    const [slow, quick] = [open(false), open(false)];
    await scene.signIn(slow.auth);
    await scene.world.advance(100);
    const sent = countRefreshes();
    scene.world.latencyMs = 33_000;
    void slow.auth.refresh().catch(() => undefined);
    await scene.world.advance(11_000);
    scene.world.skewMs = 3_600_000;
    void quick.auth.refresh().catch(() => undefined);
    await scene.world.advance(22_500);
    expect(sent()).toBe(1);
    expect(quick.auth.getSnapshot().tokens).toEqual(slow.auth.getSnapshot().tokens);
  });

  it('leave nothing behind when one is disposed of while it waits', async () => {
    const [slow, quick] = [open(false), open(false)];
    await scene.signIn(slow.auth);
    scene.world.latencyMs = 5000;
    void slow.auth.refresh();
    await scene.world.advance(100);
    void quick.auth.refresh().catch(() => undefined);
    await scene.world.advance(100);
    quick.auth.dispose();
    await scene.world.advance(100);
    expect(quick.tab.held()).toEqual({ timers: 0, channels: 0, wakeListeners: 0, locks: 0 });
  });
});
