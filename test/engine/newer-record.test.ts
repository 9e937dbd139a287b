import { observe, type AuthStorage } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { BASE_URL, createSetup, LIFETIME_MS, rejection, type Setup } from '../support/setup.ts';

const KEY = `unexpired:${BASE_URL}`;
const UNAVAILABLE = { code: 'refresh_unavailable', transient: false, message: expect.stringContaining('newer version') };

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

const inVersion = (version: number, text: unknown) => (typeof text === 'string' ? text.replace(/"version":\d/, `"version":${version}`) : text);

/** Opens a tab with this version of the package. */
function openOlder() {
  const opened = setup.open();
  opened.auth.subscribe(() => undefined);
  return { ...opened, found: eventsOf(opened.auth) };
}

/** Opens a tab with a newer version, which reads both formats and writes the newer one. */
function openNewer() {
  const tab = setup.world.openTab();
  const { name, read, update } = tab.platform.storage;
  const storage: AuthStorage = {
    name,
    read: async (key) => inVersion(1, await read(key)),
    update: (key, change) =>
      update(key, (raw) => {
        const current = inVersion(1, raw);
        const next = change(current);
        return next === current ? raw : inVersion(3, next);
      }),
  };
  const { auth } = setup.open({ platform: { ...tab.platform, storage } });
  auth.subscribe(() => undefined);
  return { tab, auth };
}

function eventsOf(auth: ReturnType<Setup['open']>['auth']): unknown[] {
  const found: unknown[] = [];
  observe(auth, (event) => void (event.type === 'recordUnreadable' && found.push(event)));
  return found;
}

const stored = () => String(setup.world.storage.values.get(KEY));

/** Signs in one tab of each version, so that storage holds a record of the newer version. */
async function openBoth() {
  const older = openOlder();
  await setup.signIn(older.auth);
  const newer = openNewer();
  await setup.world.advance(100);
  await setup.world.until(newer.auth.refresh());
  await setup.world.advance(100);
  expect(stored()).toContain('"version":3');
  return { older, newer };
}

describe('a tab that is signed in while a newer version of the package stores the session', () => {
  it('sends no refresh token, uses its access token to the end, and then fails with refresh_unavailable', async () => {
    const { older, newer } = await openBoth();
    expect((await setup.world.until(older.auth.fetch('/users/me'))).status).toBe(200);
    await setup.world.advance(LIFETIME_MS * 3);
    expect(await setup.world.until(rejection(older.auth.fetch('/users/me')))).toMatchObject(UNAVAILABLE);
    expect(await setup.world.until(rejection(older.auth.refresh()))).toMatchObject(UNAVAILABLE);
    expect(older.auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked', error: UNAVAILABLE } });
    expect(older.found).toEqual([expect.objectContaining({ reason: 'newer_version' })]);
    expect(newer.auth.getSnapshot().status).toBe('signedIn');
    expect((await setup.world.until(newer.auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts).toMatchObject({ reuses: 0, rejections: 0 });
    expect(stored()).toContain('"version":3');
  });

  it('does not overwrite the record if it appears just before the note of its attempt', async () => {
    const tab = setup.world.openTab();
    const { storage } = tab.platform;
    let isLate = false;
    const update: AuthStorage['update'] = (key, change) => storage.update(key, (current) => change(isLate ? inVersion(3, current) : current));
    const { auth } = setup.open({ platform: { ...tab.platform, storage: { ...storage, update } } });
    await setup.signIn(auth);
    isLate = true;
    const refreshed = rejection(auth.refresh());
    await setup.world.advance(5000);
    expect(setup.api.counts.refreshes).toBe(0);
    expect(stored()).toContain('"version":3');
    auth.dispose();
    expect(await refreshed).toMatchObject(UNAVAILABLE);
  });

  it('does not overwrite the record with the answer or the failure of a refresh in flight', async () => {
    for (const fault of ['none', 'dropAfter'] as const) {
      setup = createSetup();
      const older = openOlder();
      await setup.signIn(older.auth);
      setup.faultRefreshes(fault);
      const sent = setup.refreshSent();
      const refreshed = older.auth.refresh().catch((error: unknown) => error);
      await sent;
      const newer = String(inVersion(3, stored()));
      setup.world.storage.values.set(KEY, newer);
      expect(await setup.world.until(refreshed)).toMatchObject(UNAVAILABLE);
      await setup.world.advance(LIFETIME_MS * 3);
      expect(stored()).toBe(newer);
      expect(setup.api.counts.refreshes).toBe(1);
    }
  });

  it('does not write its session back after site data was cleared, because the newer version may have used the refresh token', async () => {
    const { older, newer } = await openBoth();
    newer.tab.kill();
    setup.world.storage.clear();
    await setup.world.advance(LIFETIME_MS * 3);
    older.tab.wake('focus');
    expect(await setup.world.until(rejection(older.auth.refresh()))).toMatchObject(UNAVAILABLE);
    expect(stored()).toBe('undefined');
    expect(setup.api.counts.reuses).toBe(0);
  });

  it('is signed out as newer_version if the newer version signs in another user', async () => {
    const { older, newer } = await openBoth();
    await setup.signIn(newer.auth, 'cinder');
    await setup.world.advance(100);
    expect(older.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'newer_version', tokens: null });
  });

  it('is signed out if the newer version signs out', async () => {
    const { older, newer } = await openBoth();
    setup.loseMessages();
    await setup.world.until(newer.auth.signOut());
    older.tab.wake('focus');
    await setup.world.advance(100);
    expect(older.auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
    expect(stored()).toContain('"version":3');
  });

  it('signs out in all tabs, and leaves no token in storage', async () => {
    const { older, newer } = await openBoth();
    await setup.world.until(older.auth.signOut());
    await setup.world.advance(100);
    expect(stored()).not.toContain('eyJ');
    for (const { auth } of [older, newer, openOlder(), openNewer()]) expect((await setup.world.until(auth.ready())).status).toBe('signedOut');
  });
});

describe('a tab that opens on a record of a newer version', () => {
  it('is signed out as newer_version and leaves the record unchanged', async () => {
    await openBoth();
    const before = stored();
    const { auth, tab, found } = openOlder();
    expect(await setup.world.until(auth.ready())).toMatchObject({ status: 'signedOut', endReason: 'newer_version' });
    expect(await rejection(auth.getAccessToken())).toMatchObject({ code: 'signed_out', endReason: 'newer_version' });
    expect(found).toEqual([expect.objectContaining({ reason: 'newer_version' })]);
    expect(tab.warnings).toEqual([expect.stringContaining('newer version')]);
    await setup.world.advance(20_000);
    expect(stored()).toBe(before);
  });

  it.each([
    ['of this format', () => openBoth()],
    ['of a format that it cannot place', async () => void setup.world.storage.values.set(KEY, '{"version":3,"everything":"different"}')],
  ])('%s keeps an explicit sign-in over a reload, and tabs of the newer version adopt it', async (_, prepare) => {
    await prepare();
    const older = openOlder();
    await setup.signIn(older.auth, 'cinder');
    expect(older.auth.getSnapshot()).toMatchObject({ status: 'signedIn', storage: 'simulated' });
    older.tab.kill();
    const { sessionId } = older.auth.getSnapshot();
    for (const { auth } of [openOlder(), openNewer()]) expect(await setup.world.until(auth.ready())).toMatchObject({ sessionId });
    await setup.world.advance(LIFETIME_MS * 2);
    expect(setup.api.counts.reuses).toBe(0);
  });

  it.each([['a session', 'epoch'], ['a session', 'revision'], ['a sign-out', 'epoch'], ['a sign-out', 'revision']])(
    'keeps a sign-in over a reload, and tabs of the newer version adopt it, although the record of %s has the highest possible %s', async (kind, member) => {
      const { older, newer } = await openBoth();
      if (kind === 'a sign-out') await setup.world.until(newer.auth.signOut());
      setup.world.storage.values.set(KEY, stored().replace(new RegExp(`"${member}":\\d+`), `"${member}":${Number.MAX_SAFE_INTEGER}`));
      older.tab.kill();
      newer.tab.wake('focus');
      await setup.world.advance(100);
      const { auth, tab } = openOlder();
      await setup.signIn(auth, 'cinder');
      tab.kill();
      await setup.world.advance(100);
      const { sessionId } = auth.getSnapshot();
      for (const next of [newer, openOlder(), openNewer()]) expect(await setup.world.until(next.auth.ready())).toMatchObject({ sessionId });
      await setup.world.until(newer.auth.signOut());
      expect(stored()).not.toContain('eyJ');
    },
  );

  it('keeps a second sign-in, too, if storage could not be read before the first', async () => {
    const { older } = await openBoth();
    older.tab.kill();
    setup.world.storage.fails = new Error('blocked');
    const { auth } = openOlder();
    await setup.signIn(auth, 'cinder');
    setup.world.storage.fails = null;
    await setup.world.advance(20_000);
    await setup.signIn(auth, 'spark');
    expect((await setup.world.until(openOlder().auth.ready())).sessionId).toBe(auth.getSnapshot().sessionId);
  });
});

describe('text that was encrypted by another version of the app', () => {
  it('makes a tab without that encryption spend nothing, and an explicit sign-in replaces it', async () => {
    const sealed = `v1.${'A'.repeat(16)}.${'B'.repeat(200)}`;
    const { auth } = openOlder();
    await setup.signIn(auth);
    setup.world.storage.values.set(KEY, sealed);
    await setup.world.advance(LIFETIME_MS * 3);
    expect(await setup.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'refresh_unavailable', transient: false });
    expect(setup.api.counts.refreshes).toBe(0);
    expect(stored()).toBe(sealed);
    await setup.signIn(auth);
    expect((await setup.world.until(openOlder().auth.ready())).sessionId).toBe(auth.getSnapshot().sessionId);
  });
});

it('a record that is damaged right after another tab has refreshed is repaired with the newer tokens', async () => {
  const [first, second] = [openOlder(), openOlder()];
  await setup.signIn(first.auth);
  await setup.world.advance(100);
  let isDamaged = false;
  setup.world.storage.onChange = () => {
    if (isDamaged || !stored().includes('"generation":2')) return;
    isDamaged = true;
    setup.world.storage.values.set(KEY, 'damaged');
  };
  const { accessToken } = await setup.world.until(second.auth.refresh());
  expect(isDamaged).toBe(true);
  expect((await setup.world.until(first.auth.refresh())).accessToken).toBe(accessToken);
  await setup.world.advance(LIFETIME_MS * 3);
  for (const { auth } of [first, second]) expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  expect(setup.api.counts.reuses).toBe(0);
});
