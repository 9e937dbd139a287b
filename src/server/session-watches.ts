import type { Platform, Release } from '../core/platform/platform.ts';
import type { SessionClient } from './session-client.ts';

/** How often a session is read if its store announces no changes, ms. */
const LOOK_MS = 1000;

/** How often a listener is called without a change, ms. A call of the store may be lost, so the session is then read, too. */
const BEAT_MS = 20_000;

/** How many listeners a session may have on one instance. */
const MOST = 32;

/** What is called while a session is watched. */
export interface SessionListener {
  readonly onChange: () => void;
  /** Is called every 20 s. */
  readonly onBeat: () => void;
  /** Is called when the instance closes. */
  readonly onClose: () => void;
}

/** The sessions that pages watch on this instance. */
export interface SessionWatches {
  /** Whether the session has as many listeners as it may have. */
  readonly isFull: (key: string) => boolean;
  readonly watch: (client: SessionClient, listener: SessionListener) => Release;
  readonly close: () => void;
}

interface Watched {
  readonly listeners: Set<SessionListener>;
  readonly release: Release;
}

/**
 * Creates the watches. All listeners of one session share one timer, one watch of the store, and each read.
 *
 * @param isTold whether the store calls back
 */
export function createSessionWatches(platform: Pick<Platform, 'setTimer'>, isTold: boolean): SessionWatches {
  const all = new Map<string, Watched>();

  function start(client: SessionClient, listeners: Watched['listeners']): Release {
    const forAll = (name: 'onChange' | 'onBeat') => {
      for (const listener of [...listeners]) listener[name]();
    };
    // If the store cannot be read now, nothing is known of the session, so no event is sent.
    const look = () => void client.look().catch(() => undefined);
    const stepMs = isTold ? BEAT_MS : LOOK_MS;
    let elapsedMs = 0;
    let cancel: Release = () => undefined;
    let cancelEnd: Release = () => undefined;
    // Nothing is written at the end of a session, so a timer reads it then.
    const armEnd = () => {
      cancelEnd();
      const leftMs = client.limit.leftMs();
      if (leftMs < BEAT_MS) cancelEnd = platform.setTimer(look, Math.max(0, leftMs) + 1, true);
    };
    const arm = () => (cancel = platform.setTimer(step, stepMs, true));
    const step = () => {
      arm();
      look();
      armEnd();
      elapsedMs = (elapsedMs + stepMs) % BEAT_MS;
      if (elapsedMs === 0) forAll('onBeat');
    };
    arm();
    armEnd();
    const releases = [client.row.watch(look), client.store.subscribe(() => (armEnd(), forAll('onChange')))];
    return () => {
      cancel();
      cancelEnd();
      for (const release of releases) release();
    };
  }

  return {
    isFull: (key) => (all.get(key)?.listeners.size ?? 0) >= MOST,
    watch(client, listener) {
      const { key } = client;
      const listeners: Watched['listeners'] = all.get(key)?.listeners ?? new Set();
      const watched = all.get(key) ?? { listeners, release: start(client, listeners) };
      all.set(key, watched);
      listeners.add(listener);
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        all.delete(key);
        watched.release();
      };
    },
    close() {
      for (const { listeners } of [...all.values()]) for (const { onClose } of [...listeners]) onClose();
    },
  };
}
