import type { AuthStorage } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSetup, LIFETIME_MS, type Setup } from '../support/setup.ts';
import type { Tab } from '../support/world.ts';

let setup: Setup;
let unreadable: Tab | null = null;
beforeEach(() => {
  setup = createSetup();
  unreadable = null;
});

/** Opens a tab whose reads fail while it is `unreadable`. */
function open() {
  const tab = setup.world.openTab();
  const { read } = tab.platform.storage;
  const storage: AuthStorage = { ...tab.platform.storage, read: (key) => (unreadable === tab ? Promise.reject(new Error('UnknownError')) : read(key)) };
  const { auth } = setup.open({ platform: { ...tab.platform, storage } });
  auth.subscribe(() => undefined);
  return { tab, auth };
}

async function twoTabsOneSession() {
  const [first, second] = [open(), open()];
  await setup.signIn(first.auth);
  await setup.world.advance(10);
  return [first, second] as const;
}

describe('site data that is cleared while a tab is open', () => {
  it('does not make a tab that cannot read storage send the refresh token that another tab has spent', async () => {
    const [first, second] = await twoTabsOneSession();
    unreadable = second.tab;
    await setup.world.until(first.auth.refresh());
    await setup.world.advance(10);
    setup.world.storage.values.clear();
    await setup.world.until(second.auth.refresh());
    expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0 });
    expect(second.auth.getSnapshot().tokens).toEqual(first.auth.getSnapshot().tokens);
  });

  it('is not written back over a later sign-in or sign-out in another tab', async () => {
    for (const act of ['signIn', 'signOut'] as const) {
      setup = createSetup();
      const [old] = await twoTabsOneSession();
      setup.world.storage.values.clear();
      const fresh = open();
      await setup.world.advance(10);
      if (act === 'signIn') await setup.signIn(fresh.auth, 'cinder');
      else await setup.world.until(fresh.auth.signOut());
      await setup.world.advance(LIFETIME_MS * 3);
      expect(old.auth.getSnapshot().sessionId).toBe(fresh.auth.getSnapshot().sessionId);
      expect(setup.api.counts.reuses).toBe(0);
    }
  });

  it('is not written back over a later sign-in in another tab, even if the message of it was missed', async () => {
    const [old] = await twoTabsOneSession();
    setup.world.storage.values.clear();
    setup.loseMessages();
    const fresh = open();
    await setup.world.advance(10);
    await setup.signIn(fresh.auth, 'cinder');
    await setup.world.advance(LIFETIME_MS * 2);
    expect(old.auth.getSnapshot().sessionId).toBe(fresh.auth.getSnapshot().sessionId);
  });

  it('does not bring back a session that another tab has signed out while the page was loading', async () => {
    const first = open();
    await setup.signIn(first.auth);
    const tab = setup.world.openTab();
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const read: AuthStorage['read'] = async (key) => {
      const value = await tab.platform.storage.read(key);
      await held;
      return value;
    };
    const { auth } = setup.open({ platform: { ...tab.platform, storage: { ...tab.platform.storage, read } } });
    const loaded = auth.ready();
    await setup.world.advance(10);
    await setup.world.until(first.auth.signOut());
    first.tab.process.freeze();
    setup.world.storage.clear();
    await setup.world.advance(10);
    answer();
    await setup.world.until(loaded);
    await setup.world.advance(1000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
    expect(setup.storedText()).not.toContain('eyJ');
  });
});
