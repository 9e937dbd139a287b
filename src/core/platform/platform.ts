import type { Instant } from '../model/instant.ts';

/** A signal of the browser after which the client reads its clocks and its storage again. */
export type WakeSignal = 'visible' | 'focus' | 'online' | 'pageshow' | 'resume';

/** Undoes the call that returned it. Calling it again does nothing. */
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
   * @param name names the lock
   * @param maxWaitMs how long to wait for one holder, ms; after that it counts as dead and the task runs without the lock
   * @param task the lock is released when it settles
   * @param signal ends the wait; `hold` then rejects and the task does not run
   */
  readonly hold: <T>(name: string, maxWaitMs: number, task: () => Promise<T>, signal?: AbortSignal) => Promise<T>;
  /** Whether a lock is held now, by this or another tab. */
  readonly isHeld: (name: string) => Promise<boolean>;
}

/** Texts by key, as in `localStorage`. A write of another tab may become visible late. */
export interface TextArea {
  readonly getItem: (key: string) => string | null;
  /** @throws if the quota is used up, or writing is blocked */
  readonly setItem: (key: string, text: string) => void;
  readonly removeItem: (key: string) => void;
}

/**
 * Everything impure that a client does: clocks, timers, randomness, requests, locks, messages.
 *
 * The default is `browserPlatform()`. Tests pass a simulated one.
 */
export interface Platform {
  readonly now: () => Instant;
  /**
   * Calls back once after `delayMs`, ms, at most 2³¹−1.
   *
   * @param isBackground true if no caller waits for it; such a timer must not keep a process alive
   */
  readonly setTimer: (callback: () => void, delayMs: number, isBackground?: boolean) => Release;
  /** Returns a number from [0, 1). */
  readonly random: () => number;
  /** Returns a name that no other tab draws. */
  readonly randomId: () => string;
  readonly fetch: (input: Request | string | URL, init?: RequestInit) => Promise<Response>;
  /** `null` if there are none, as in an insecure context. */
  readonly locks: TabLocks | null;
  /** `null` if there are none. */
  readonly openChannel: ((name: string, onMessage: (message: unknown) => void) => TabChannel) | null;
  /** False only if the device reports that it has no network. */
  readonly isOnline: () => boolean;
  /** Whether the user cannot see the page now. The calls of a hidden page do not shorten a wait. Default: false. */
  readonly isHidden?: () => boolean | undefined;
  readonly onWake: (listener: (signal: WakeSignal) => void) => Release;
  /**
   * Opens the area that all tabs share (`local`), or the one of this tab (`session`). Default: those of the page.
   *
   * @throws if the browser blocks it
   */
  readonly openArea?: (kind: 'local' | 'session') => TextArea;
  /** Returns the value of a cookie that scripts can read, or `null` if there is none. Default: that of the page. */
  readonly readCookie?: (name: string) => string | null;
  /** The address of the page, to resolve a relative `baseUrl`; `null` if there is no page. */
  readonly pageUrl: () => string | null;
  /** Prints a warning for the developer. The text never contains a token. */
  readonly warn: (text: string) => void;
  /**
   * Reports an error that the app's own code has thrown, such as its protocol, its storage or a listener. The page gets it
   * as an uncaught error. It is the original, so its message may contain whatever that code put into it.
   */
  readonly report: (error: unknown) => void;
}
