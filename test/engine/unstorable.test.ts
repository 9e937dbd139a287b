import { createBotTokens } from 'unexpired/bonfire';
import type { AuthStorage } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { BASE_URL, createSetup, LIFETIME_MS, NOTHING_HELD, rejection, type Setup } from '../support/setup.ts';
import type { Tab, TabOptions } from '../support/world.ts';

let setup: Setup;
let full = false;
let cutOff: Tab | null = null;
const KEY = `unexpired:${BASE_URL}`;
beforeEach(() => {
  setup = createSetup();
  full = false;
  cutOff = null;
});

/** Opens a tab whose writes fail while `full` is true. While the tab is `cutOff`, its reads fail, too. */
function open(options: TabOptions = {}) {
  const tab = setup.world.openTab(options);
  const { name, read, update } = tab.platform.storage;
  const storage: AuthStorage = {
    name,
    read: (key) => (cutOff === tab ? Promise.reject(new Error('UnknownError')) : read(key)),
    update: (key, change) => (full || cutOff === tab ? Promise.reject(new Error('QuotaExceededError')) : update(key, change)),
  };
  const { auth } = setup.open({ platform: { ...tab.platform, storage } });
  auth.subscribe(() => undefined);
  return { tab, auth };
}

async function twoTabsOneSession(options: TabOptions = {}) {
  const [first, second] = [open(options), open(options)];
  await setup.signIn(first.auth);
  await setup.world.advance(10);
  return [first, second] as const;
}

describe('storage that becomes full while two tabs are signed in', () => {
  it('never makes one tab send the refresh token that the other has spent', async () => {
    const tabs = await twoTabsOneSession();
    full = true;
    await setup.world.advance(LIFETIME_MS * 5);
    expect(setup.api.counts.reuses).toBe(0);
    expect(tabs.map(({ auth }) => auth.getSnapshot().status)).toEqual(['signedIn', 'signedIn']);
    const answers = await Promise.allSettled(tabs.map(({ auth }) => setup.world.until(auth.fetch('/users/me'))));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'refresh_unavailable', transient: true } });
  });

  it('lets only one tab refresh, even if its answer is so late that the other tab no longer waits', async () => {
    const [first, second] = await twoTabsOneSession();
    full = true;
    setup.world.lateMs = 32_500;
    setup.faultRefreshes('late');
    void first.auth.refresh().catch(() => undefined);
    void second.auth.refresh().catch(() => undefined);
    await setup.world.advance(31_000);
    setup.faultRefreshes('none');
    await setup.world.advance(LIFETIME_MS);
    expect(setup.api.counts).toMatchObject({ maxConcurrentRefreshes: 1, reuses: 0 });
    expect((await setup.world.until(first.auth.fetch('/users/me'))).status).toBe(200);
  });

  it('lets the other tab not refresh while the request of a disposed client is in flight', async () => {
    const [first, second] = await twoTabsOneSession();
    full = true;
    await setup.world.until(first.auth.refresh());
    setup.world.lateMs = 32_500;
    setup.faultRefreshes('late');
    void first.auth.refresh().catch(() => undefined);
    void second.auth.refresh().catch(() => undefined);
    await setup.world.advance(26_000);
    first.auth.dispose();
    await setup.world.advance(5000);
    expect(setup.answers('refresh')).toEqual([200, 200]);
    await setup.world.advance(5000);
    expect(first.tab.held()).toEqual(NOTHING_HELD);
  });

  it('makes both tabs keep the wait that the API asked one of them for', async () => {
    const [first, second] = await twoTabsOneSession();
    full = true;
    setup.api.addFault({ kind: 'status', status: 429, retryAfter: 20, endpoint: 'refresh' });
    await setup.world.until(rejection(first.auth.refresh()));
    void second.auth.refresh().catch(() => undefined);
    await setup.world.advance(18_000);
    expect(setup.answers('refresh')).toEqual([429]);
  });

  it('makes both tabs keep that wait, even if it becomes full during the refresh', async () => {
    const [first, second] = await twoTabsOneSession();
    setup.api.addFault({ kind: 'status', status: 429, retryAfter: 20, endpoint: 'refresh' });
    const sent = setup.refreshSent();
    const refused = rejection(first.auth.refresh());
    await sent;
    full = true;
    await setup.world.until(refused);
    void second.auth.refresh().catch(() => undefined);
    await setup.world.advance(18_000);
    expect(setup.answers('refresh')).toEqual([429]);
    setup.api.clearFaults();
    await setup.world.advance(LIFETIME_MS);
    expect(setup.answers('refresh').slice(0, 2)).toEqual([429, 200]);
  });

  it('lets no tab refresh without Web Locks, ends no session, and both tabs refresh once it has room', async () => {
    const tabs = await twoTabsOneSession({ hasLocks: false });
    full = true;
    await setup.world.advance(LIFETIME_MS * 3);
    for (const { auth } of tabs) expect(await setup.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'refresh_unavailable', transient: true });
    expect(setup.api.counts.refreshes).toBe(0);
    full = false;
    await setup.world.advance(LIFETIME_MS * 2);
    for (const { auth } of tabs) expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts.reuses).toBe(0);
  });

  it('is used again by both tabs once it has room', async () => {
    const tabs = await twoTabsOneSession();
    full = true;
    await setup.world.advance(LIFETIME_MS * 5);
    full = false;
    await setup.world.advance(LIFETIME_MS);
    for (const { auth } of tabs) expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(tabs.map(({ auth }) => auth.getSnapshot().storage)).toEqual(['simulated', 'simulated']);
    expect(setup.api.counts).toMatchObject({ reuses: 0, rejections: 0 });
  });

  it('causes no reuse in a third tab that is opened later, and all three share a session once it has room', async () => {
    const tabs = await twoTabsOneSession();
    full = true;
    await setup.world.advance(LIFETIME_MS * 2);
    const third = open();
    await setup.world.advance(LIFETIME_MS * 2);
    expect(setup.api.counts.reuses).toBe(0);
    full = false;
    await setup.world.advance(LIFETIME_MS);
    const ids = [...tabs, third].map(({ auth }) => auth.getSnapshot().sessionId);
    expect(new Set(ids).size).toBe(1);
    expect((await setup.world.until(third.auth.fetch('/users/me'))).status).toBe(200);
  });

  it('ends the session as rotation_lost if the only tab with the new tokens is closed', async () => {
    const [first, second] = await twoTabsOneSession();
    full = true;
    await setup.world.until(first.auth.refresh());
    await setup.world.until(second.auth.refresh().catch(() => undefined));
    first.tab.kill();
    await setup.world.advance(LIFETIME_MS * 3);
    expect(second.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'rotation_lost' });
  });

  it('does not restore the former user after one tab has signed in another user', async () => {
    const [first, second] = await twoTabsOneSession();
    full = true;
    await setup.world.advance(LIFETIME_MS * 5);
    full = false;
    await setup.signIn(second.auth, 'cinder');
    await setup.world.advance(LIFETIME_MS * 2);
    expect(first.auth.getSnapshot().sessionId).toBe(second.auth.getSnapshot().sessionId);
    expect(setup.api.sessions.at(-1)?.botId).toBe('cinder');
  });

  // claim: failed-sign-out-is-retried
  it('keeps the tokens of a user who signed out only until it has room again', async () => {
    const [first, second] = await twoTabsOneSession();
    full = true;
    await first.auth.signOut().catch(() => undefined);
    full = false;
    await setup.world.advance(15_000);
    expect(String(setup.world.storage.values.get(KEY))).not.toContain('eyJ');
    expect(second.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
  });

  it('leaves nothing running when the client is disposed', async () => {
    const [first] = await twoTabsOneSession();
    full = true;
    await setup.world.until(first.auth.refresh());
    first.auth.dispose();
    await setup.world.advance(10);
    expect(first.tab.held()).toEqual(NOTHING_HELD);
  });
});

describe('storage that is full while one tab is open', () => {
  it('lets the tab refresh, and has its tokens once it has room', async () => {
    const { auth } = open();
    await setup.signIn(auth);
    full = true;
    await setup.world.advance(LIFETIME_MS * 5);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    full = false;
    await setup.world.advance(20_000);
    expect(String(setup.world.storage.values.get(KEY))).toContain(auth.getSnapshot().tokens!.refreshToken);
    expect(setup.api.counts).toMatchObject({ reuses: 0, rejections: 0 });
  });
});

describe('storage that fails in only one tab', () => {
  async function twoTabsOneCutOff(options = {}) {
    setup = createSetup(options);
    const [first, second] = await twoTabsOneSession();
    cutOff = second.tab;
    return [first, second] as const;
  }

  it('does not make that tab send the refresh token that another tab has spent', async () => {
    const tabs = await twoTabsOneCutOff();
    await setup.world.until(tabs[0].auth.refresh());
    await setup.world.advance(10);
    expect(await setup.world.until(rejection(tabs[1].auth.refresh()))).toMatchObject({ code: 'refresh_unavailable', transient: true });
    await setup.world.advance(LIFETIME_MS * 3);
    expect(tabs.map(({ auth }) => auth.getSnapshot().status)).toEqual(['signedIn', 'signedIn']);
    expect(setup.api.counts.reuses).toBe(0);
    cutOff = null;
    await setup.world.advance(LIFETIME_MS);
    for (const { auth } of tabs) expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });

  it('does not make that tab send it either if the message about it is lost, and ends no session', async () => {
    const [first, second] = await twoTabsOneCutOff();
    setup.loseMessages();
    await setup.world.until(first.auth.refresh());
    setup.world.delayOf = () => 1;
    await setup.world.until(rejection(second.auth.refresh()));
    expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0 });
    await setup.world.advance(LIFETIME_MS);
    for (const { auth } of [first, second]) expect(auth.getSnapshot().status).toBe('signedIn');
    expect((await setup.world.until(first.auth.fetch('/users/me'))).status).toBe(200);
  });

  it('does not make that tab lose a message that arrives during an older read', async () => {
    const [first, tab] = [setup.open(), setup.world.openTab()];
    let isCutOff = false;
    let answer: () => void = () => undefined;
    let held: Promise<void> | null = null;
    const { name, read, update } = tab.platform.storage;
    const storage: AuthStorage = {
      name,
      read: async (key) => {
        if (isCutOff) throw new Error('UnknownError');
        const value = await read(key);
        await held;
        return value;
      },
      update: (key, change) => (isCutOff ? Promise.reject(new Error('UnknownError')) : update(key, change)),
    };
    const { auth } = setup.open({ platform: { ...tab.platform, storage } });
    auth.subscribe(() => undefined);
    await setup.signIn(first.auth);
    await setup.world.advance(10);
    held = new Promise((resolve) => (answer = resolve));
    tab.wake('focus');
    await setup.world.advance(5);
    await setup.world.until(first.auth.refresh());
    await setup.world.advance(10);
    isCutOff = true;
    answer();
    await setup.world.until(rejection(auth.refresh()));
    expect(setup.api.counts.reuses).toBe(0);
  });

  it('does not make that tab remove the note and the failure of another tab once storage works', async () => {
    const [first, second] = await twoTabsOneCutOff();
    await setup.world.until(rejection(second.auth.refresh()));
    setup.api.addFault({ kind: 'status', status: 503, retryAfter: 20, endpoint: 'refresh' });
    setup.world.lateMs = 5000;
    setup.faultRefreshes('late');
    void first.auth.refresh().catch(() => undefined);
    await setup.world.advance(100);
    cutOff = null;
    second.tab.wake('focus');
    await setup.world.advance(5000);
    expect(setup.answers('refresh')).toEqual([503]);
    void second.auth.refresh().catch(() => undefined);
    await setup.world.advance(18_000);
    expect(setup.answers('refresh')).toEqual([503]);
  });

  it('does not stop a sign-out in that tab from reaching the other tabs', async () => {
    const [first, second] = await twoTabsOneCutOff();
    await setup.world.until(rejection(second.auth.signOut()));
    await setup.world.advance(100);
    expect(first.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
  });

  it('does not make that tab keep an earlier session over its own later sign-in, if the clock was set back in between', async () => {
    const [, second] = await twoTabsOneCutOff();
    await setup.signIn(second.auth, 'cinder');
    const earlier = second.auth.getSnapshot().sessionId;
    setup.world.skewMs = -3_600_000;
    const later = second.auth.signIn(createBotTokens(setup.protocol, ['spark']));
    await setup.world.advance(5);
    cutOff = null;
    await setup.world.until(later);
    expect(second.auth.getSnapshot().sessionId).not.toBe(earlier);
  });
});
