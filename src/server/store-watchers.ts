import type { Platform, Release } from '../core/platform/platform.ts';

/** How long a connection stays open after the last watch, ms. Watches come and go, and a new connection costs time. */
const LINGER_MS = 5000;

/** How long to wait before a lost connection is opened again, ms. */
const REOPEN_MS = 1000;

/** A connection that receives the keys of rows that have changed. */
export interface KeyFeed {
  readonly close: () => Promise<void>;
}

/** The watches of one store. They share one connection. */
export interface StoreWatchers {
  readonly watch: (key: string, onChange: () => void) => Release;
  /** Closes the connection, if there is one. */
  readonly close: () => Promise<void>;
}

/**
 * Creates the watches of one store.
 *
 * @param open opens the connection. It never throws. It calls `onKey` for each row that has changed, and `onLost` if the
 * connection is lost and does not come back by itself
 */
export function createStoreWatchers(platform: Pick<Platform, 'setTimer'>, open: (onKey: (key: string) => void, onLost: () => void) => KeyFeed): StoreWatchers {
  const watches = new Map<string, Set<{ readonly onChange: () => void }>>();
  let feed: KeyFeed | null = null;
  let isClosed = false;
  let cancelTimer: Release = () => undefined;

  function onKey(key: string): void {
    for (const { onChange } of [...(watches.get(key) ?? [])]) onChange();
  }

  function openFeed(): void {
    if (isClosed || feed || watches.size === 0) return;
    const opened = open(onKey, () => {
      if (feed !== opened) return;
      feed = null;
      later(openFeed, REOPEN_MS);
    });
    feed = opened;
  }

  async function closeFeed(): Promise<void> {
    cancelTimer();
    const closing = feed;
    feed = null;
    await closing?.close();
  }

  /** Only one of the two steps can be due: a feed is closed without a watch, and opened again with one. */
  function later(step: () => void, delayMs: number): void {
    cancelTimer();
    cancelTimer = platform.setTimer(step, delayMs, true);
  }

  return {
    watch(key, onChange) {
      const watch = { onChange };
      const own = watches.get(key) ?? new Set();
      watches.set(key, own.add(watch));
      if (feed) cancelTimer();
      else openFeed();
      return () => {
        if (!own.delete(watch) || own.size > 0) return;
        watches.delete(key);
        if (watches.size === 0) later(() => void closeFeed(), LINGER_MS);
      };
    },
    async close() {
      isClosed = true;
      await closeFeed();
    },
  };
}
