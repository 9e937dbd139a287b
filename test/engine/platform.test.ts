import { bonfire } from 'unexpired/bonfire';
import { browserPlatform, createAuthClient, fromLocalStorage, memory, sessionStorage, type Platform, type StorageOption } from 'unexpired/core';
import { afterEach, expect, it, vi } from 'vitest';
import { createSetup, NOTHING_HELD } from '../support/setup.ts';
import type { SimulatedPlatform } from '../support/world.ts';

/** A platform whose functions are methods, so each needs its object. */
class PlatformOfMethods implements Platform {
  readonly world: SimulatedPlatform;

  constructor(world: SimulatedPlatform) {
    this.world = world;
  }

  get locks() { return this.world.locks; }
  now() { return this.world.now(); }
  setTimer(...args: Parameters<Platform['setTimer']>) { return this.world.setTimer(...args); }
  random() { return this.world.random(); }
  randomId() { return this.world.randomId(); }
  fetch(...args: Parameters<Platform['fetch']>) { return this.world.fetch(...args); }
  openChannel(...args: Parameters<NonNullable<Platform['openChannel']>>) { return this.world.openChannel!(...args); }
  isOnline() { return this.world.isOnline(); }
  onWake(...args: Parameters<Platform['onWake']>) { return this.world.onWake(...args); }
  openArea(...args: Parameters<NonNullable<Platform['openArea']>>) { return this.world.openArea!(...args); }
  pageUrl() { return this.world.pageUrl(); }
  warn(text: string) { this.world.warn(text); }
  report(error: unknown) { this.world.report(error); }
}

it.each<[string, boolean, (world: SimulatedPlatform) => StorageOption]>([
  ['simulated', true, (world) => world.storage],
  ['simulated', true, (world) => fromLocalStorage(world.storage)],
  ['sessionStorage', true, () => sessionStorage()],
  ['sessionStorage', false, () => sessionStorage()],
])('a platform may be an object of a class, with storage in %s (Web Locks: %s)', async (name, hasLocks, storageOf) => {
  const setup = createSetup();
  const { until } = setup.world;
  const tab = setup.world.openTab({ hasLocks });
  const { auth } = setup.open({ storage: storageOf(tab.platform), platform: new PlatformOfMethods(tab.platform) as never });
  await setup.signIn(auth);
  await until(auth.refresh());
  expect((await until(auth.fetch('/users/me'))).status).toBe(200);
  expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', storage: name });
  expect(tab.warnings).toEqual([]);
  await until(auth.signOut());
  auth.dispose();
  await setup.world.advance(5000);
  if (name === 'simulated') expect(tab.held()).toEqual(NOTHING_HELD);
});

it('a storage that is a function gets the platform of the app itself, so a copy of it has every member', () => {
  const given: Platform[] = [];
  const storage = (platform: Platform) => (given.push(platform), memory());
  const protocol = bonfire({ baseUrl: 'https://api.bonfire.test/v1', appKey: 'app-key' });
  createAuthClient({ protocol, storage });
  expect(Object.keys({ ...given[0] })).toEqual(Object.keys(browserPlatform()));
  const platform = { ...browserPlatform(), warn: () => undefined };
  createAuthClient({ protocol, storage, platform });
  expect(given[1]).toBe(platform);
});

afterEach(() => void vi.unstubAllGlobals());

it('the platform of a browser reports an error as an uncaught one', () => {
  const reportError = vi.fn();
  vi.stubGlobal('reportError', reportError);
  const bug = new Error('a bug of the app');
  browserPlatform().report(bug);
  expect(reportError).toHaveBeenCalledExactlyOnceWith(bug);
});

it('the platform of a host without `reportError` reports an error in a timer', () => {
  const timers: (() => void)[] = [];
  vi.stubGlobal('reportError', undefined);
  vi.stubGlobal('setTimeout', (callback: () => void) => timers.push(callback));
  const bug = new Error('a bug of the app');
  browserPlatform().report(bug);
  expect(timers).toHaveLength(1);
  expect(timers[0]).toThrow(bug);
});

it('an error of the storage that the browser itself throws is not reported, and one of any other code is reported once', async () => {
  for (const [error, reports] of [[new DOMException('no room', 'QuotaExceededError'), 0], [new TypeError('a bug of the app'), 1]] as const) {
    const setup = createSetup();
    const { auth, tab } = setup.open();
    setup.world.storage.fails = error;
    await setup.signIn(auth);
    await setup.world.advance(60_000);
    expect(tab.reports).toEqual(Array(reports).fill(error));
    expect(tab.warnings).toEqual([`unexpired: the session is kept in memory, because simulated failed: ${error.name}`]);
  }
});
