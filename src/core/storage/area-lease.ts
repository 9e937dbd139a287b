import type { Platform, TextArea } from '../platform/platform.ts';

/**
 * How long a lease takes to become visible in the other tabs, ms. 20 was enough in Chromium on a quiet machine. On a busy
 * one it lost 6 of 90 updates of 6 tabs.
 */
const SETTLE_MS = 100;

/** The shortest wait before this tab reads another tab's lease again, ms. */
const LOOK_MS = 20;

/** A lease that does not change for this long belongs to a dead tab, ms. Timers in hidden tabs may take a second. */
const LEASE_MS = 2000;

/**
 * Runs a task while no other tab does, without locks: by a lease in the area that it guards.
 *
 * A tab that finds no lease writes its own name. If the name is unchanged after the settle time, the tab has the lease.
 * The last tab that found no lease wins, and after the settle time every tab sees its name.
 *
 * @param task runs synchronously
 * @see M. Fischer's timed mutual exclusion, in L. Lamport: A Fast Mutual Exclusion Algorithm (1987)
 */
export async function withLease<T>(
  platform: Pick<Platform, 'now' | 'random' | 'randomId' | 'setTimer'>,
  area: TextArea,
  name: string,
  task: () => T,
): Promise<T> {
  const id = platform.randomId();
  const wait = (ms: number) => new Promise<void>((resolve) => void platform.setTimer(resolve, ms));
  const isExpired = watchLease(platform);
  for (;;) {
    const holder = area.getItem(name);
    if (holder === null || isExpired(holder)) {
      area.setItem(name, id);
      await wait(SETTLE_MS);
      if (area.getItem(name) === id) break;
    }
    await wait(LOOK_MS * (1 + platform.random()));
  }
  try {
    return task();
  } finally {
    area.removeItem(name);
  }
}

/** Returns whether a lease is expired: the same holder has been seen for longer than a lease lasts, by the monotonic clock. */
function watchLease(platform: Pick<Platform, 'now'>): (holder: string) => boolean {
  let watched = '';
  let since = 0;
  return (holder) => {
    const { monotonic } = platform.now();
    if (holder !== watched) [watched, since] = [holder, monotonic];
    return monotonic - since > LEASE_MS;
  };
}
