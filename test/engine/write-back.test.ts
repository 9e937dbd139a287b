import type { AuthStorage } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSetup, NOTHING_HELD, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

/** Opens a tab whose storage can refuse writes, and counts its operations. */
function open() {
  const tab = setup.world.openTab();
  const { name, read, update } = tab.platform.storage;
  const counts = { reads: 0, updates: 0 };
  const stored = { isFull: false };
  const storage: AuthStorage = {
    name,
    read: (key) => (counts.reads++, read(key)),
    update: (key, change) => (counts.updates++, stored.isFull ? Promise.reject(new Error('QuotaExceededError')) : update(key, change)),
  };
  const { auth } = setup.open({ storage, platform: tab.platform });
  auth.subscribe(() => undefined);
  return { auth, tab, counts, stored };
}

async function openTwoSignedIn() {
  const [first, second] = [open(), open()];
  await setup.signIn(first.auth);
  await setup.world.advance(100);
  return [first, second] as const;
}

describe('a record that is not stored', () => {
  it('is compared with storage again after 1, 2, 4, 8 and then every 10 s', async () => {
    const { auth, counts, stored } = open();
    stored.isFull = true;
    await setup.world.until(auth.signIn({ accessToken: 'a', expiresAt: null, scopes: [] })); // No refresh reads storage.
    const before = counts.reads;
    await setup.world.advance(55_500);
    expect(counts.reads - before).toBe(8);
  });

  it('is not written again, nor is storage read, after the client was disposed', async () => {
    const { auth, tab, counts, stored } = open();
    stored.isFull = true;
    await setup.signIn(auth);
    auth.dispose();
    const before = { ...counts };
    await setup.world.advance(30_000);
    expect(counts).toEqual(before);
    expect(tab.held()).toEqual(NOTHING_HELD);
  });

  it('causes one warning, even if storage works again and fails again', async () => {
    const { auth, tab, stored } = open();
    for (const isFull of [true, false, true]) {
      stored.isFull = isFull;
      await setup.signIn(auth);
      expect(auth.getSnapshot().storage).toBe(isFull ? 'memory' : 'simulated');
    }
    expect(tab.warnings).toHaveLength(1);
  });

  it('ends the session of the other tabs by its message if it is a sign-out, and they need not read storage', async () => {
    const [first, second] = await openTwoSignedIn();
    first.stored.isFull = true;
    const { reads } = second.counts;
    expect(await setup.world.until(rejection(first.auth.signOut()))).toMatchObject({ code: 'storage_unavailable' });
    await setup.world.advance(50);
    expect(second.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
    expect(second.counts.reads).toBe(reads);
  });
});

it('a sign-out that is stored after dispose() is announced to the other tabs, and its channel is closed', async () => {
  const [first, second] = await openTwoSignedIn();
  const signedOut = first.auth.signOut();
  first.auth.dispose();
  await setup.world.until(signedOut);
  await setup.world.advance(100);
  expect(second.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
  expect(first.tab.held()).toEqual(NOTHING_HELD);
});

it('a refresh after site data was cleared waits until the other tabs have written their newer tokens back', async () => {
  const [first, second] = await openTwoSignedIn();
  const { delayOf } = setup.world;
  setup.loseMessages();
  const { accessToken } = await setup.world.until(second.auth.refresh());
  setup.world.delayOf = (what) => (what === 'message' ? 100 : delayOf(what));
  setup.world.storage.clear();
  expect((await setup.world.until(first.auth.refresh())).accessToken).toBe(accessToken);
  expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0 });
});

it('a visitor who is not signed in leaves storage empty, even if it failed while the page loaded', async () => {
  setup.world.storage.fault = 'readsFail';
  const { auth } = open();
  expect((await setup.world.until(auth.ready())).storage).toBe('memory');
  setup.world.storage.fault = 'none';
  await setup.world.advance(20_000);
  expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', storage: 'simulated' });
  expect(setup.storedText()).not.toContain('version');
});
