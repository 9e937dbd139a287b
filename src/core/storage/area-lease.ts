import type { Platform, TextArea } from '../platform/platform.ts';

/**
 * What a lease needs to be seen by the other tabs, and theirs by this one, ms. 20 sufficed in Chromium on a quiet
 * machine; on a busy one 6 of the 90 updates of 6 tabs were lost with it.
 */
const SETTLE_MS = 100;

/** The shortest wait before looking at another tab's lease again, ms. */
const LOOK_MS = 20;

/** A lease that stands unchanged for that long is a dead tab's, ms; timers in hidden tabs may take a second. */
const LEASE_MS = 2000;

/**
 * Runs a task alone among all tabs where there are no locks: by a lease in the very area that it guards.
 *
 * Whoever sees the lease free writes its own name, and has it if the name still stands after the settle time: the
 * last one who saw it free has won, and by then every tab can see that.
 *
 * @param task runs at once: it must not wait for anything
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

/** A lease is expired once one holder's has been seen for longer than any lasts, by the clock that never jumps. */
function watchLease(platform: Pick<Platform, 'now'>): (holder: string) => boolean {
  let watched = '';
  let since = 0;
  return (holder) => {
    const { monotonic } = platform.now();
    if (holder !== watched) [watched, since] = [holder, monotonic];
    return monotonic - since > LEASE_MS;
  };
}
