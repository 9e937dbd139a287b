import { fromLocalStorage, memory, type AuthClient, type AuthStorage, type Platform } from 'unexpired/core';
import { checkStorageContract } from 'unexpired/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { BASE_URL, createSetup, LIFETIME_MS, NOTHING_HELD, rejection, type Setup } from '../support/setup.ts';
import type { Tab, TabOptions } from '../support/world.ts';
import { earlierLocalStorage } from './earlier-version.ts';

const KEY = `unexpired:${BASE_URL}`;
let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

interface Page {
  readonly tab: Tab;
  readonly auth: AuthClient;
}

function load(open: (tab: Tab) => AuthStorage, options: TabOptions = {}): Page {
  const tab = setup.world.openTab(options);
  const { auth } = setup.open({ platform: tab.platform, storage: open(tab) });
  auth.subscribe(() => undefined);
  return { tab, auth };
}

/** Opens a tab of the earlier version of the app, with its session in `localStorage`. */
const openEarlier = () => load(({ platform }) => earlierLocalStorage(platform));

/** Opens a tab of this version. */
const openMoved = (options: TabOptions = {}) => load(({ platform }) => fromLocalStorage(platform.storage)(platform), options);

async function earlierSignedIn(): Promise<Page> {
  const page = openEarlier();
  await setup.signIn(page.auth);
  await setup.world.advance(100);
  return page;
}

const textInArea = () => setup.world.localArea.texts().get(KEY) ?? '';

async function expectToWork(...pages: readonly Page[]): Promise<void> {
  await setup.world.advance(LIFETIME_MS * 3);
  for (const { auth } of pages) expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  expect(setup.api.counts).toMatchObject({ reuses: 0, maxConcurrentRefreshes: 1 });
  expect(setup.api.sessions.filter(({ alive }) => alive)).toHaveLength(1);
}

describe('fromLocalStorage', () => {
  it.each([['with locks', {}], ['without locks', { hasLocks: false }]])('continues the stored session, and leaves no token in localStorage, %s', async (_, options) => {
    const earlier = await earlierSignedIn();
    const { sessionId } = earlier.auth.getSnapshot();
    earlier.tab.kill();
    const page = openMoved(options);
    expect(await setup.world.until(page.auth.ready())).toMatchObject({ status: 'signedIn', sessionId, storage: 'simulated' });
    await setup.world.advance(100);
    expect(textInArea()).not.toContain('eyJ');
    expect(setup.storedText()).toContain('eyJ');
    await expectToWork(page, openMoved(options));
  });

  it('moves the session once when five tabs open at the same time', async () => {
    const { tab, auth } = await earlierSignedIn();
    const { sessionId } = auth.getSnapshot();
    tab.kill();
    const pages = Array.from({ length: 5 }, () => openMoved());
    for (const page of pages) expect((await setup.world.until(page.auth.ready())).sessionId).toBe(sessionId);
    await expectToWork(...pages);
  });

  it('keeps the tokens of a refresh that a tab of the earlier version has in flight, whenever the move starts', async () => {
    for (let step = 0; step <= 120; step += 4) {
      setup = createSetup();
      const earlier = await earlierSignedIn();
      const { sessionId } = earlier.auth.getSnapshot();
      void earlier.auth.refresh().catch(() => undefined);
      await setup.world.advance(step);
      const page = openMoved();
      await setup.world.advance(2000);
      expect([step, page.auth.getSnapshot().sessionId]).toEqual([step, sessionId]);
      await expectToWork(page);
    }
  });

  it('signs out a tab of the earlier version as newer_version, and a reload continues its session', async () => {
    const earlier = await earlierSignedIn();
    const page = openMoved();
    await setup.world.until(page.auth.ready());
    await setup.world.advance(LIFETIME_MS * 2);
    expect(earlier.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'newer_version' });
    earlier.tab.kill();
    await expectToWork(page, openMoved());
  });

  it('ends the session in both versions if a tab of either one signs out', async () => {
    for (const isEarlier of [true, false]) {
      setup = createSetup();
      const earlier = await earlierSignedIn();
      const page = openMoved();
      await setup.world.until(page.auth.ready());
      await setup.world.until((isEarlier ? earlier : page).auth.signOut());
      await setup.world.advance(100);
      for (const { auth } of [earlier, page, openMoved()]) expect((await setup.world.until(auth.ready())).status).toBe('signedOut');
      expect(textInArea() + setup.storedText()).not.toContain('eyJ');
    }
  });

  it('continues the later sign-in if a user signs in again in a tab of the earlier version', async () => {
    const earlier = await earlierSignedIn();
    const page = openMoved();
    await setup.world.until(page.auth.ready());
    await setup.signIn(earlier.auth, 'cinder');
    page.tab.kill();
    earlier.tab.kill();
    const { auth } = openMoved();
    expect((await setup.world.until(auth.ready())).sessionId).toBe(earlier.auth.getSnapshot().sessionId);
    await setup.world.advance(100);
    expect(textInArea()).not.toContain('eyJ');
  });

  it('does not restore a session over a later sign-in or sign-out of this version', async () => {
    for (const act of ['signIn', 'signOut'] as const) {
      setup = createSetup();
      const earlier = await earlierSignedIn();
      const text = textInArea();
      earlier.tab.kill();
      const page = openMoved();
      await setup.world.until(page.auth.ready());
      await (act === 'signIn' ? setup.signIn(page.auth, 'cinder') : setup.world.until(page.auth.signOut()));
      page.tab.platform.openArea!('local').setItem(KEY, text); // As a tab of the earlier version that was frozen could do.
      await setup.world.advance(100);
      const { auth } = openMoved();
      expect((await setup.world.until(auth.ready())).sessionId).toBe(page.auth.getSnapshot().sessionId);
    }
  });

  it('keeps a session of its own over one of the earlier version that began elsewhere', async () => {
    const page = openMoved();
    await setup.signIn(page.auth);
    await earlierSignedIn();
    expect((await setup.world.until(openMoved().auth.ready())).sessionId).toBe(page.auth.getSnapshot().sessionId);
    expect(textInArea()).not.toContain('eyJ');
  });

  it('tries again if the other storage fails, and loses no session', async () => {
    const earlier = await earlierSignedIn();
    const { sessionId } = earlier.auth.getSnapshot();
    earlier.tab.kill();
    setup.world.storage.fails = new Error('QuotaExceededError');
    const page = openMoved();
    await setup.world.until(page.auth.ready());
    expect(textInArea()).toContain('eyJ');
    setup.world.storage.fails = null;
    await setup.world.advance(20_000);
    expect(page.auth.getSnapshot().sessionId).toBe(sessionId);
    await expectToWork(page);
  });

  it('uses the other storage only if the browser blocks localStorage, refuses locks, or has no session there', async () => {
    const refused = { hold: () => Promise.reject(new DOMException('denied', 'SecurityError')), isHeld: () => Promise.resolve(false) };
    const blocked = { openArea: () => { throw new DOMException('denied', 'SecurityError'); } };
    for (const changed of [blocked, { locks: refused }, {}] satisfies Partial<Platform>[]) {
      setup = createSetup();
      const { tab, auth } = load(({ platform }) => fromLocalStorage(platform.storage)({ ...platform, ...changed }));
      await setup.signIn(auth);
      await setup.world.until(auth.refresh());
      expect(tab.warnings).toEqual([]);
      auth.dispose();
      await setup.world.advance(1000);
      expect(tab.held()).toEqual(NOTHING_HELD);
    }
  });

  it('keeps the storage contract, and has the name of the other storage', async () => {
    const { platform } = setup.world.openTab();
    const values = memory();
    expect(fromLocalStorage(values)(platform).name).toBe('memory');
    await checkStorageContract(() => fromLocalStorage(values)(platform));
  });

  it('makes an operation reject if the other storage rejects', async () => {
    const { platform } = setup.world.openTab();
    const failing: AuthStorage = { name: 'failing', read: () => Promise.reject(new Error('no')), update: () => Promise.reject(new Error('no')) };
    expect(await rejection(fromLocalStorage(failing)(platform).read('key'))).toMatchObject({ message: 'no' });
  });
});
