import type { Claim } from '../model/record-change.ts';
import { pause } from '../platform/pause.ts';
import type { Release, TabLocks } from '../platform/platform.ts';
import { withLock } from '../platform/with-lock.ts';
import type { ClientContext } from '../session/client-context.ts';
import type { HoldJar } from '../session/cookie-jar.ts';

/** How long a tab waits for the lock. A holder that refreshes has an answer, or has noted a failure, before that. */
const TURN_MS = 25_000;

/** The longest duration of an attempt. A tab without an outcome after this time is frozen. A late answer is given up earlier. */
const LONGEST_ATTEMPT_MS = 25_000;

/** How long a tab waits for another tab's attempt before it reads storage again, ms: with locks, and without. */
const WAIT_MS = 5000;
const LOOK_MS = 250;

/**
 * The right to refresh a session. The attempt that is noted in the session's record has it.
 *
 * A lock of the session makes the tabs refresh one after the other, even if storage fails and no attempt can be noted.
 * A lock with the attempt's name shows the other tabs that the attempt is still running. Without locks, tabs wait.
 */
export interface RefreshLock {
  /** Runs a task when it is this tab's turn. Its attempt is alive until the task settles. */
  readonly hold: (sessionId: string, attemptId: string, task: () => Promise<void>) => Promise<void>;
  /** Starts to watch the attempts of other tabs. */
  readonly watch: () => Watch;
  /** Whether the attempt of another tab is still running. If that cannot be read, it counts as running. */
  readonly isRunning: (attemptId: string) => Promise<boolean>;
  /**
   * Reserves a refresh token for this tab while storage cannot show the other tabs that it is used.
   *
   * Generation 0 is no token, but the right to refresh without notes, which only one tab has.
   *
   * @returns a function that ends the reservation, as closing the tab does; `null` if another tab has reserved the token, or without locks
   */
  readonly reserve: (claim: Claim) => Promise<Release | null>;
  /** Whether another tab has reserved the token. */
  readonly isReserved: (claim: Claim) => Promise<boolean>;
  /** Waits for the end of another tab's reservation, for some seconds at most. */
  readonly untilFree: (claim: Claim) => Promise<void>;
  /** Waits a moment for the other tabs. */
  readonly pause: () => Promise<void>;
}

/** Waits until another tab's attempt is over or may have changed. Resolves to false if there is nothing to wait for. */
export type Watch = (attemptId: string) => Promise<boolean>;

/** A lock that this tab holds, and how many attempts use it. */
interface Reservation {
  uses: number;
  readonly end: Release;
}

/** Creates the lock for the sessions of one key. No wait outlasts the client. */
export function createRefreshLock({ platform, protocol, key, disposed }: ClientContext, holdJar: HoldJar): RefreshLock {
  // Missing locks behave like refused ones, which a browser has in a sandboxed frame.
  const refuse = () => Promise.reject();
  const locks: TabLocks = platform.locks ?? { hold: refuse, isHeld: refuse };

  /** The tokens that this tab has reserved. */
  const reserved = new Map<string, Reservation>();

  const pauseToLook = () => pause(platform, disposed, LOOK_MS);
  // The ids of the attempts of one turn differ in the plus signs at their end. Their lock is the same.
  const lockName = (...parts: readonly (string | number)[]) => [key, ...parts].join(':').replace(/\++$/, '');

  // Each session has its own lock, so that one user's hung refresh does not block another user. A cookie is one for all sessions.
  function hold(sessionId: string, attemptId: string, task: () => Promise<void>): Promise<void> {
    const attempt = () => withLock(platform, lockName(attemptId), TURN_MS, disposed, task);
    return protocol.refreshCookie ? holdJar(attempt) : withLock(platform, lockName(sessionId), TURN_MS, disposed, attempt);
  }

  function watch(): Watch {
    let watched = '';
    let waitedMs = 0; // Counted in steps, so that the sleep of a device counts as one step at most.
    return async (attemptId) => {
      if (attemptId !== watched) [watched, waitedMs] = [attemptId, 0];
      if (waitedMs >= LONGEST_ATTEMPT_MS || !(await isRunning(attemptId))) return false;
      waitedMs += await locks.hold(lockName(attemptId), WAIT_MS, () => Promise.resolve(WAIT_MS), disposed).catch(() => pauseToLook().then(() => LOOK_MS));
      return true;
    };
  }

  function isRunning(attemptId: string): Promise<boolean> {
    return locks.isHeld(lockName(attemptId)).catch(() => true);
  }

  async function reserve({ sessionId, generation }: Claim): Promise<Release | null> {
    const name = lockName(sessionId, generation);
    const own = reserved.get(name) ?? (await take(name));
    if (!own) return null;
    // A request in flight keeps the session's earlier tokens reserved, too, because disposing of the client does not end it.
    const used = [...reserved].filter(([held]) => held.startsWith(generation > 0 ? lockName(sessionId, '') : name));
    for (const [, reservation] of used) reservation.uses++;
    return () => {
      for (const [held, reservation] of used) {
        if (--reservation.uses === 0 && reserved.delete(held)) reservation.end();
      }
    };
  }

  /** Takes a lock at once, or gives up. */
  function take(name: string): Promise<Reservation | null> {
    const waiting = new AbortController();
    const giveUp = () => waiting.abort();
    const stop = platform.setTimer(giveUp, LOOK_MS);
    disposed.addEventListener('abort', giveUp);
    return new Promise<Reservation | null>((resolve) => {
      const keep = () =>
        new Promise<void>((end) => {
          const own = { uses: 0, end };
          reserved.set(name, own);
          resolve(own);
        });
      locks.hold(name, LONGEST_ATTEMPT_MS, keep, waiting.signal).catch(() => resolve(null));
    }).finally(() => {
      stop();
      disposed.removeEventListener('abort', giveUp);
    });
  }

  async function isReserved({ sessionId, generation }: Claim): Promise<boolean> {
    const name = lockName(sessionId, generation);
    return !reserved.has(name) && locks.isHeld(name).catch(() => false);
  }

  async function untilFree({ sessionId, generation }: Claim): Promise<void> {
    await locks.hold(lockName(sessionId, generation), WAIT_MS, () => Promise.resolve(), disposed).catch(pauseToLook);
  }

  return { hold, watch, isRunning, reserve, isReserved, untilFree, pause: pauseToLook };
}
