import type { AuthStorage } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSetup, LIFETIME_MS, rejection, type Setup } from '../support/setup.ts';
import type { Tab } from '../support/world.ts';

const TEN_YEARS_MS = 315_576_000_000;

let setup: Setup;
/** The tabs whose writes fail, and those whose reads fail. */
let unwritable: readonly Tab[] = [];
let unreadable: readonly Tab[] = [];
beforeEach(() => {
  setup = createSetup();
  [unwritable, unreadable] = [[], []];
});

function open() {
  const tab = setup.world.openTab();
  const { name, read, update } = tab.platform.storage;
  const storage: AuthStorage = {
    name,
    read: (key) => (unreadable.includes(tab) ? Promise.reject(new Error('UnknownError')) : read(key)),
    update: (key, change) => (unwritable.includes(tab) ? Promise.reject(new Error('QuotaExceededError')) : update(key, change)),
  };
  const { auth } = setup.open({ platform: { ...tab.platform, storage } });
  auth.subscribe(() => undefined);
  return { tab, auth };
}

async function openTwo() {
  const [first, second] = [open(), open()];
  await setup.signIn(first.auth);
  await setup.world.advance(10);
  return [first, second] as const;
}

function failRefreshes(retryAfter: number) {
  setup.api.clearFaults();
  setup.api.addFault({ kind: 'status', status: 503, retryAfter, endpoint: 'refresh' });
}

describe('a wait that the API asked one tab for', () => {
  it('holds in another tab that could not use storage, even if the clock has been set back since', async () => {
    const [first, second] = await openTwo();
    unwritable = unreadable = [second.tab];
    await setup.world.until(rejection(second.auth.refresh()));
    setup.world.skewMs = -TEN_YEARS_MS;
    failRefreshes(20);
    await setup.world.until(rejection(first.auth.refresh()));
    unwritable = unreadable = [];
    await setup.world.advance(18_000);
    expect(setup.answers('refresh')).toEqual([503]);
  });

  it.each([
    ['while the request is in flight', 5000],
    ['after the answer', 0],
  ])('holds in all tabs, even if storage begins to work %s', async (_, lateMs) => {
    const [first, second] = await openTwo();
    [unwritable, unreadable] = [[first.tab, second.tab], [first.tab]];
    void rejection(first.auth.refresh());
    await setup.world.advance(3000);
    failRefreshes(20);
    setup.world.lateMs = lateMs;
    setup.faultRefreshes('late');
    void rejection(second.auth.refresh());
    await setup.world.advance(1000);
    unwritable = unreadable = [];
    first.tab.wake('focus');
    await setup.world.advance(10);
    second.tab.wake('focus');
    await setup.world.advance(18_000);
    expect(setup.answers('refresh')).toEqual([503]);
  });
});

describe('the attempts of five tabs while storage is full and the API is down', () => {
  it('are not more than those of one tab, and all tabs are signed in at the end', async () => {
    const tabs = [0, 1, 2, 3, 4].map(open);
    await setup.signIn(tabs[0]!.auth);
    await setup.world.advance(LIFETIME_MS / 2);
    unwritable = tabs.map(({ tab }) => tab);
    setup.api.addFault({ kind: 'html', endpoint: 'refresh' });
    const senders = new Set<unknown>();
    setup.world.onExchange = ({ url, sender }) => void (url.endsWith('/oauth') && senders.add(sender));
    await setup.world.advance(5 * LIFETIME_MS);
    expect(senders.size).toBe(1);
    unwritable = [];
    setup.api.clearFaults();
    await setup.world.advance(2 * LIFETIME_MS);
    for (const { auth } of tabs) expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts.reuses).toBe(0);
  });
});

describe('a tab whose storage works', () => {
  it('refreshes between the failed attempts of a tab that cannot store', async () => {
    const [first, second] = await openTwo();
    unwritable = [second.tab];
    const end = setup.api.addFault({ kind: 'status', status: 503, endpoint: 'refresh' });
    void rejection(second.auth.refresh());
    await setup.world.advance(15_000);
    expect(setup.answers('refresh').length).toBeGreaterThan(2);
    end();
    await setup.world.until(first.auth.refresh());
    await setup.world.advance(60_000);
    expect(first.auth.getSnapshot()).toMatchObject({ refresh: { state: 'idle' }, storage: 'simulated' });
    expect((await setup.world.until(first.auth.fetch('/users/me'))).status).toBe(200);
  });
});
