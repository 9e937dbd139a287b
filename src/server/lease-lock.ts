import { pause } from '../core/platform/pause.ts';
import type { Platform, Release } from '../core/platform/platform.ts';
import type { RefreshLock } from '../core/refresh/refresh-lock.ts';
import { LEASE_MS, type RowStorage } from './row-storage.ts';

/** How often the owner extends its lease, ms. Two of these may fail before the lease is over. */
const EXTEND_EVERY_MS = 2000;

/** How long to wait for another instance before the row is read again, ms: if the store announces changes, and if not. */
const WAIT_MS = 1000;
const LOOK_MS = 250;

/** The longest duration of an attempt. An instance without an outcome after this time is stuck. */
const LONGEST_ATTEMPT_MS = 25_000;

/**
 * Creates the right to refresh one session, over all instances.
 *
 * The note of an attempt and its lease are one write, which compares the row's etag, so two instances never note at once. The
 * lease shows the other instances that the attempt is still running. If its instance dies, the lease ends by itself.
 *
 * @param announces whether the store calls back when a row changes
 * @param writeBack tries to store the tokens that the store did not take
 */
export function createLeaseLock(platform: Platform, disposed: AbortSignal, row: RowStorage, announces: boolean, writeBack: () => Promise<unknown>): RefreshLock {
  const look = () => pause(platform, disposed, LOOK_MS);
  /** The attempts whose tokens the store does not have yet. */
  const reserved = new Set<string>();

  /** Runs a task every 2 s until it is released. */
  function repeat(task: () => Promise<unknown>): Release {
    const over = new AbortController();
    const run = async () => {
      for (;;) {
        await pause(platform, over.signal, EXTEND_EVERY_MS, true);
        if (over.signal.aborted) return;
        await task();
      }
    };
    void run();
    return () => over.abort();
  }

  /** Extends the lease until it is released. A failure is left to the next time, and in the end the lease is over. */
  function keep(attemptId: string): Release {
    return repeat(() => row.extend(attemptId, LEASE_MS).catch(() => undefined));
  }

  async function hold(_sessionId: string, attemptId: string, task: () => Promise<void>): Promise<void> {
    const release = keep(attemptId);
    try {
      await task();
    } finally {
      release();
      // While the store lacks the tokens, another instance would send the refresh token that is spent.
      const isReserved = [...reserved].some((id) => id.startsWith(attemptId));
      if (!isReserved) await row.extend(attemptId, 0).catch(() => undefined);
    }
  }

  /** Waits until the row changes, for a moment at most. */
  async function untilChange(): Promise<void> {
    const changed = new AbortController();
    const end = () => changed.abort();
    const releases = [row.watch(end)];
    disposed.addEventListener('abort', end);
    releases.push(() => disposed.removeEventListener('abort', end));
    await pause(platform, changed.signal, announces ? WAIT_MS : LOOK_MS);
    for (const release of releases) release();
    row.expire();
  }

  return {
    hold,
    watch() {
      let watched = '';
      let since = 0;
      return async (attemptId) => {
        const { monotonic } = platform.now();
        if (attemptId !== watched) [watched, since] = [attemptId, monotonic];
        const isStuck = monotonic - since >= LONGEST_ATTEMPT_MS;
        const isOver = (isStuck || !row.isLeased(attemptId)) && (await row.takeOver(attemptId));
        if (isStuck) watched = '';
        if (!isOver) await untilChange();
        return !isOver;
      };
    },
    isRunning: async (attemptId) => row.isLeased(attemptId),
    // Without the store no instance refreshes. Tokens that it could not take keep their lease until it has them.
    async reserve({ attemptId, generation }) {
      if (!attemptId || generation === 0) return null;
      const releases = [keep(attemptId), repeat(writeBack)]; // A store that is slow to write delays no extension.
      reserved.add(attemptId);
      return () => {
        reserved.delete(attemptId);
        for (const release of releases) release();
      };
    },
    isReserved: async () => false,
    untilFree: look,
    pause: look,
  };
}
