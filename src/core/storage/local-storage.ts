import { browserPlatform } from '../platform/browser-platform.ts';
import type { Platform, TextArea } from '../platform/platform.ts';
import { withLease } from './area-lease.ts';
import { changeText, textIn } from './area-text.ts';
import type { AuthStorage } from './storage.ts';

/** What a write is given to be seen by all tabs, ms: 5 sufficed in Chromium, the rest is for a busy machine. */
const SETTLE_MS = 20;

/** A tab that was overwritten in error can tell by then, ms. */
const STOOD_IN_MS = 1000;

/** After that long the tab that writes must be frozen; less than the client waits for a storage, ms. */
const LONGEST_WAIT_MS = 4000;

/**
 * Keeps the session in `localStorage`, where other code of the page can read it; prefer `indexedDB()`.
 *
 * `localStorage` shows a tab the writes of another one some ms late, even to the next holder of a lock. An update
 * therefore runs under a Web Lock that is kept until the write has settled, which costs 20 ms (a second in a hidden
 * tab). Where there are no locks a lease in the area itself stands for them: it costs 120 ms, more when tabs write at
 * once, and a browser that takes longer than 50 ms to show a write can lose one. A read takes no lock: it may be
 * stale for some ms after another tab's write. By the time `update` resolves the tabs can see the value.
 *
 * @param options `platform`: the door to the world; a browser's unless said otherwise
 * @example
 * ```ts
 * import { createAuthClient, localStorage } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' });
 * const auth = createAuthClient({ protocol, storage: localStorage() });
 * ```
 * @see HTML Standard, section 12.2 (the storage mutex was given up: whatwg/html issue 335)
 */
export function localStorage({ platform }: { readonly platform?: Platform } = {}): AuthStorage {
  let tail: Promise<unknown> = Promise.resolve();
  const world = () => (platform ??= browserPlatform());

  /** Tabs take turns; within one, updates queue up here, so that none waits for a lock longer than the other tabs make it. */
  function inTurn<T>(operation: () => Promise<T>): Promise<T> {
    const result = tail.then(operation);
    tail = result.catch(() => undefined);
    return result;
  }

  return {
    name: 'localStorage',
    read: async (key) => textIn(world().openArea('local'), key),
    update: (key, change) => inTurn(async () => alone(world(), world().openArea('local'), key, (area) => changeText(area, key, change))),
  };
}

/** Runs a write alone among all tabs, and resolves when it has settled. */
async function alone(platform: Platform, area: TextArea, key: string, write: (area: TextArea) => string | null): Promise<void> {
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
      // Whoever thaws with the lock as another tab stands in for it may have been overwritten, and writes on top of that.
      // Much later the others have gone on from what it wrote.
      if (area.getItem(key) === text || platform.now().monotonic - monotonic > STOOD_IN_MS) return;
    }
  };
  if (!platform.locks) return leased();
  let entered: Promise<void> | null = null;
  const enter = () => (entered = locked());
  // A browser may have locks and refuse them, as in a sandboxed frame.
  return platform.locks.hold(`${key}:write`, LONGEST_WAIT_MS, enter).catch(() => entered ?? leased());
}
