import { beforeEach, describe, expect, it } from 'vitest';
import type { WakeSignal } from 'unexpired/core';
import { createSetup, isRefresh, LIFETIME_MS, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

const YEAR_MS = 365 * 86_400_000;

async function openTabs(count: number) {
  const tabs = Array.from({ length: count }, () => setup.open());
  for (const { auth } of tabs) auth.subscribe(() => undefined);
  await setup.signIn(tabs[0]!.auth);
  await setup.world.advance(100);
  return tabs;
}

describe('a laptop that wakes after several token lives', () => {
  it.each<WakeSignal>(['visible', 'focus', 'online', 'pageshow', 'resume'])('refreshes once over all its tabs, and no call is rejected (%s)', async (signal) => {
    const tabs = await openTabs(8);
    await setup.world.sleep(LIFETIME_MS * 7);
    for (const { tab } of tabs) tab.wake(signal);
    const calls = tabs.flatMap(({ auth }) => Array.from({ length: 5 }, (_, index) => auth.fetch(`/users/me?call=${index}`)));
    const answers = await setup.world.until(Promise.all(calls));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(setup.api.counts).toMatchObject({ refreshes: 1, rejections: 0, reuses: 0 });
  });

  it('keeps the session if it fell asleep during a refresh', async () => {
    const tabs = await openTabs(3);
    void tabs[0]!.auth.refresh().catch(() => undefined);
    await setup.refreshSent();
    await setup.world.sleep(LIFETIME_MS * 3);
    for (const { tab } of tabs) tab.wake('resume');
    await setup.world.advance(LIFETIME_MS);
    for (const { auth } of tabs) expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts.reuses).toBe(0);
  });
});

describe('a token that lives a year', () => {
  it('is refreshed shortly before it expires, in a page that slept most of the time', async () => {
    setup = createSetup({ accessTokenLifetimeMs: YEAR_MS });
    const [only] = await openTabs(1);
    await setup.world.sleep(YEAR_MS - 900_000);
    only!.tab.wake('resume');
    await setup.world.advance(60_000);
    expect(setup.api.counts.refreshes).toBe(0);
    await setup.world.advance(600_000);
    expect(setup.api.counts).toMatchObject({ refreshes: 1, rejections: 0 });
  });
});

describe('a page that comes back from the back/forward cache', () => {
  it('adopts the session that another tab started meanwhile', async () => {
    const [cached, other] = await openTabs(2);
    cached!.tab.process.freeze();
    setup.loseMessages(); // A cached page gets no messages.
    await setup.world.until(other!.auth.signOut());
    await setup.signIn(other!.auth, 'cinder');
    cached!.tab.process.thaw();
    cached!.tab.wake('pageshow');
    await setup.world.advance(10);
    expect(cached!.auth.getSnapshot().sessionId).toBe(other!.auth.getSnapshot().sessionId);
  });
});

describe('a tab that is frozen', () => {
  it('reads storage at most four times when it thaws, however many messages it missed', async () => {
    const [busy] = await openTabs(1);
    const tab = setup.world.openTab();
    const { storage } = tab.platform;
    let reads = 0;
    const { auth } = setup.open({ platform: tab.platform, storage: { ...storage, read: (key) => (reads++, storage.read(key)) } });
    auth.subscribe(() => undefined);
    await setup.world.advance(100);
    tab.process.freeze();
    await setup.world.advance(LIFETIME_MS * 20);
    reads = 0;
    tab.process.thaw();
    await setup.world.advance(100);
    expect(reads).toBeGreaterThan(0);
    expect(reads).toBeLessThanOrEqual(4);
    expect(auth.getSnapshot().tokens).toEqual(busy!.auth.getSnapshot().tokens);
  });

  it('while it holds the lock does not block the others, and does not restore the session when it thaws', async () => {
    const [frozen, other] = await openTabs(2);
    setup.faultRefreshes('dropBefore');
    void frozen!.auth.refresh().catch(() => undefined);
    await setup.refreshSent();
    frozen!.tab.process.freeze();
    setup.world.faultOf = () => 'none';
    setup.api.revokeAccessTokens();
    expect(await setup.world.until(rejection(other!.auth.fetch('/users/me')))).toMatchObject({ code: 'refresh_unavailable', transient: true });
    await setup.world.advance(35_000);
    expect((await setup.world.until(other!.auth.fetch('/users/me'))).status).toBe(200);
    await setup.world.until(other!.auth.signOut());
    frozen!.tab.process.thaw();
    await setup.world.advance(LIFETIME_MS);
    expect(frozen!.auth.getSnapshot()).toMatchObject({ status: 'signedOut', tokens: null });
    expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0 });
  });

  it.each([['none', 0], ['late', 6000]] as const)('during its refresh, and then stores the new tokens slowly, makes the other tab wait for them (fault of the network: %s)', async (fault, afterMs) => {
    const tab = setup.world.openTab();
    const { storage } = tab.platform;
    let isSilent = false;
    const frozen = setup.open({ platform: tab.platform, storage: { ...storage, update: (key, change) => (isSilent ? new Promise(() => undefined) : storage.update(key, change)) } }).auth;
    frozen.subscribe(() => undefined);
    const [other] = await openTabs(1);
    await setup.world.advance(100);
    setup.world.lateMs = 15_000;
    setup.faultRefreshes(fault);
    void frozen.refresh().catch(() => undefined);
    await setup.refreshSent();
    setup.faultRefreshes('none');
    await setup.world.advance(afterMs);
    tab.process.freeze();
    void other!.auth.refresh().catch(() => undefined);
    await setup.world.advance(48_000);
    isSilent = true;
    tab.process.thaw();
    await setup.world.advance(4000); // The other tab counts the attempt as dead after 50 s.
    isSilent = false;
    await setup.world.advance(LIFETIME_MS);
    expect(setup.api.counts.reuses).toBe(0);
    expect((await setup.world.until(other!.auth.fetch('/users/me'))).status).toBe(200);
  });

  it('at any moment of a refresh never sends the refresh token that another tab has spent since', async () => {
    for (let step = 0; step < 40; step++) {
      setup = createSetup({ accessTokenLifetimeMs: 3_600_000 });
      const [frozen, other] = await openTabs(2);
      setup.world.delayOf = () => 2;
      let sent = false;
      setup.world.onExchange = (exchange) => void (sent ||= isRefresh(exchange));
      void frozen!.auth.refresh().catch(() => undefined);
      await setup.world.advance(step);
      frozen!.tab.process.freeze();
      // The other tab never gets an answer that the frozen tab has not read, so only a grace period of the API saves the session.
      if (sent) setup.api.configure({ reuseGraceMs: 1e9 });
      await setup.world.until(other!.auth.refresh().catch(() => undefined));
      await setup.world.advance(60_000);
      frozen!.tab.process.thaw();
      await setup.world.advance(60_000);
      expect([step, setup.api.counts.reuses]).toEqual([step, 0]);
      expect([step, other!.auth.getSnapshot().status]).toEqual([step, 'signedIn']);
    }
  });

  it('twice before it sends begins another attempt, for which a tab that has given up the first one waits', async () => {
    const [frozen] = await openTabs(1);
    const { platform } = setup.world.openTab();
    const { read, update } = platform.storage;
    // When the other tab notes its own attempt, the frozen tab thaws, and is 1 s faster.
    const lateUpdate: typeof update = async (key, change) => {
      frozen!.tab.process.thaw();
      await new Promise<void>((resolve) => void platform.setTimer(resolve, 1000));
      return update(key, change);
    };
    const other = setup.open({ platform, storage: { name: 'late', read, update: lateUpdate } });
    await setup.world.until(other.auth.getAccessToken());
    Object.assign(setup.world, { delayOf: () => 2, latencyMs: 3000 });
    void frozen!.auth.refresh().catch(() => undefined);
    await setup.world.advance(7); // The attempt is noted, but storage has not yet confirmed it.
    frozen!.tab.process.freeze();
    await setup.world.advance(6000);
    frozen!.tab.process.thaw();
    await setup.world.advance(1);
    frozen!.tab.process.freeze();
    void other.auth.refresh().catch(() => undefined);
    await setup.world.advance(LIFETIME_MS);
    expect(setup.answers('refresh')).toEqual([200]);
    expect(setup.api.counts.reuses).toBe(0);
  });
});
