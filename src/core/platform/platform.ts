import type { Instant } from '../model/instant.ts';
import type { AuthStorage } from '../storage/storage.ts';

/** Something outside makes it worth looking at the clock and the storage again. */
export type WakeSignal = 'visible' | 'focus' | 'online' | 'pageshow' | 'resume';

/** Stops or removes what the call that returned it set up; calling it again does nothing. */
export type Release = () => void;

/** A channel to the other tabs of the same origin. */
export interface TabChannel {
  readonly post: (message: unknown) => void;
  readonly close: Release;
}

/** Exclusive locks over all tabs of the same origin. */
export interface TabLocks {
  /**
   * Runs a task while holding a lock.
   *
   * @param name of the lock
   * @param maxWaitMs after that long the holder is taken for dead and the lock is taken from it
   * @param task settles when the lock may go
   * @param signal ends the wait: then `hold` rejects, and the task is not run
   */
  readonly hold: <T>(name: string, maxWaitMs: number, task: () => Promise<T>, signal?: AbortSignal) => Promise<T>;
  /** Whether somebody holds a lock now, this tab included. */
  readonly isHeld: (name: string) => Promise<boolean>;
}

/** Texts by key, as in `localStorage`: what another tab wrote may be seen late. */
export interface TextArea {
  readonly getItem: (key: string) => string | null;
  /** @throws where there is no room, or writing is blocked */
  readonly setItem: (key: string, text: string) => void;
  readonly removeItem: (key: string) => void;
}

/**
 * The one door to the world: everything impure that the client does goes through here.
 *
 * Browsers get `browserPlatform()`; tests give a simulated one.
 */
export interface Platform {
  readonly now: () => Instant;
  /** Calls back once after `delayMs`, at most 2³¹−1. */
  readonly setTimer: (callback: () => void, delayMs: number) => Release;
  /** Draws from [0, 1). */
  readonly random: () => number;
  /** A name that no other tab draws. */
  readonly randomId: () => string;
  readonly fetch: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;
  /** `null` where the platform has none (an insecure context). */
  readonly locks: TabLocks | null;
  /** `null` where the platform has none. */
  readonly openChannel: ((name: string, onMessage: (message: unknown) => void) => TabChannel) | null;
  /** False only where the device says that it has no network at all. */
  readonly isOnline: () => boolean;
  readonly onWake: (listener: (signal: WakeSignal) => void) => Release;
  /**
   * The area that all tabs share (`local`), or this tab's own one (`session`).
   *
   * @throws where the browser blocks it
   */
  readonly openArea: (kind: 'local' | 'session') => TextArea;
  /** Where tokens are kept unless the app says otherwise. */
  readonly storage: AuthStorage;
  /** Tells the developer; the text never holds a token. */
  readonly warn: (text: string) => void;
}
