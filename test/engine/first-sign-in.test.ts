import type { AuthStorage } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { BASE_URL, createSetup, LIFETIME_MS, rejection, type Setup } from '../support/setup.ts';

const KEY = `unexpired:${BASE_URL}`;
let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

describe('a first sign-in', () => {
  it('that storage wrote without an answer is refreshed only when storage can be read, because other tabs may have it', async () => {
    const { auth, tab } = setup.open();
    setup.world.storage.fault = 'silentAfter';
    await setup.signIn(auth);
    setup.world.storage.fault = 'silentBefore';
    expect(await setup.world.until(rejection(auth.refresh()))).toMatchObject({ code: 'refresh_unavailable', transient: true });
    expect(setup.api.counts.refreshes).toBe(0);
    setup.world.storage.fault = 'none';
    tab.wake('focus');
    await setup.world.advance(20_000); // The client retries by itself.
    expect(String(setup.world.storage.values.get(KEY))).toContain(auth.getSnapshot().tokens!.refreshToken);
    expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0 });
  });

  it('that storage did not even start to write is refreshed in memory, because no other tab can have it', async () => {
    const { auth } = setup.open();
    setup.world.storage.fault = 'silentBefore';
    await setup.signIn(auth);
    await setup.world.advance(LIFETIME_MS * 5);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    setup.world.storage.fault = 'none';
    await setup.world.advance(20_000);
    expect(String(setup.world.storage.values.get(KEY))).toContain(auth.getSnapshot().tokens!.refreshToken);
    expect(setup.api.counts.reuses).toBe(0);
  });

  it('that storage wrote without an answer is not written back after another tab has signed out', async () => {
    const tab = setup.world.openTab();
    let slow = true;
    const { name, read, update } = tab.platform.storage;
    const storage: AuthStorage = {
      name,
      read,
      update: async (key, change) => {
        await update(key, change);
        if (slow) await new Promise(() => undefined);
      },
    };
    const { auth } = setup.open({ platform: { ...tab.platform, storage } });
    auth.subscribe(() => undefined);
    await setup.world.advance(10);
    await setup.signIn(auth);
    slow = false;
    const second = setup.open();
    second.auth.subscribe(() => undefined);
    await setup.world.advance(50);
    await setup.world.until(second.auth.signOut());
    second.tab.kill();
    await setup.world.advance(20_000);
    expect(auth.getSnapshot().status).toBe('signedOut');
  });

  it.each([[true], [false]])('that storage refused goes on in memory (Web Locks: %s), beside one of another tab', async (hasLocks) => {
    setup.world.storage.fault = 'writesFail';
    const tabs = [setup.open({}, { hasLocks }), setup.open({}, { hasLocks })];
    for (const { auth } of tabs) await setup.signIn(auth);
    await setup.world.advance(LIFETIME_MS * 5);
    for (const { auth } of tabs) expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts).toMatchObject({ reuses: 0, rejections: 0 });
  });
});
