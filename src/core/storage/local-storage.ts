import type { Platform, TextArea } from '../platform/platform.ts';
import { withLease } from './area-lease.ts';
import { changeText, textIn } from './area-text.ts';
import type { AuthStorage } from './storage.ts';

/** How long a write takes to become visible in all tabs, ms. 5 was enough in Chromium; the rest is for a busy machine. */
const SETTLE_MS = 20;

/** Within this time a tab can detect that its write was overwritten, ms. */
const STOOD_IN_MS = 1000;

/** How long to wait for a tab that writes, ms; after that it must be frozen. It is shorter than the storage deadline. */
const LONGEST_WAIT_MS = 4000;

/**
 * Keeps the session in `localStorage`, where other code of the page can read it. Prefer `indexedDB()`.
 *
 * A write to `localStorage` becomes visible in other tabs some ms late, even for the next holder of a lock. So an update
 * holds a Web Lock until its write is visible, which costs 20 ms (a second in a hidden tab). Without Web Locks it uses a
 * lease in the area itself, which costs 120 ms, more if tabs write at the same time. A browser that takes longer than
 * 50 ms to show a write can then lose one. A read takes no lock, so it may be stale for some ms after another tab's
 * write. When `update` resolves, all tabs can see the value.
 * @example
 * ```ts
 * import { createAuthClient, localStorage } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' });
 * const auth = createAuthClient({ protocol, storage: localStorage() });
 * ```
 * @see HTML Standard, section 12.2 (the storage mutex was given up: whatwg/html issue 335)
 */
export function localStorage(): (platform: Platform) => AuthStorage {
  return createLocalStorage;
}

function createLocalStorage(platform: Platform): AuthStorage {
  let tail: Promise<unknown> = Promise.resolve();

  /** Queues the updates of this tab, so that each waits for the lock only as long as other tabs hold it. */
  function inTurn<T>(operation: () => Promise<T>): Promise<T> {
    const result = tail.then(operation);
    tail = result.catch(() => undefined);
    return result;
  }

  return {
    name: 'localStorage',
    read: async (key) => textIn(platform.openArea('local'), key),
    update: (key, change) => inTurn(async () => exclusively(platform, platform.openArea('local'), key, (area) => changeText(area, key, change))),
  };
}

/** Runs a write while no other tab writes, and resolves when it is visible in all tabs. */
async function exclusively(platform: Platform, area: TextArea, key: string, write: (area: TextArea) => string | null): Promise<void> {
  const settle = () => new Promise<void>((resolve) => void platform.setTimer(resolve, SETTLE_MS));
  const leased = async () => {
    if ((await withLease(platform, area, `${key}:lease`, () => write(area))) !== null) await settle();
  };
  const locked = async () => {
    for (;;) {
      const text = write(area);
      if (text === null) return;
      const { monotonic } = platform.now();
      await settle();
      // If this tab was frozen with the lock, another tab may have taken over and overwritten the text, so it is written
      // again. Much later, the other tabs have already continued from this text.
      if (area.getItem(key) === text || platform.now().monotonic - monotonic > STOOD_IN_MS) return;
    }
  };
  if (!platform.locks) return leased();
  let entered: Promise<void> | null = null;
  const enter = () => (entered = locked());
  // A browser can offer locks and refuse them, as in a sandboxed frame.
  return platform.locks.hold(`${key}:write`, LONGEST_WAIT_MS, enter).catch(() => entered ?? leased());
}
