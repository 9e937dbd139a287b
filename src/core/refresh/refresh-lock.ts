import type { Claim } from '../model/record-change.ts';
import { pause } from '../platform/pause.ts';
import type { Platform, TabLocks } from '../platform/platform.ts';

/** That long a tab waits for its turn: a holder that asks has an answer, or has noted a failure, before. */
const TURN_MS = 25_000;

/** An attempt that has noted no outcome by then must be of a frozen tab; one that has noted a late answer gives it up before. */
const LONGEST_ATTEMPT_MS = 25_000;

/** The steps in which another tab's attempt is waited for, ms: where its end is told, and where it has to be looked for. */
const WAIT_MS = 5000;
const LOOK_MS = 250;

/**
 * The right to refresh a session: the attempt that is noted in its record has it.
 *
 * A lock of the session brings the tabs into line, also where storage fails and nothing can be noted. A lock under
 * the attempt's name tells the other tabs that it is still alive. Where there are no locks, they wait.
 */
export interface RefreshRight {
  /** Runs a task in its turn; its attempt lives as long as it. */
  readonly hold: (sessionId: string, attemptId: string, task: () => Promise<void>) => Promise<void>;
  /** Begins to watch the attempts of other tabs. */
  readonly watch: () => Watch;
  /**
   * Keeps the other tabs from sending a refresh token that is spent, as storage cannot tell them.
   *
   * @param untilStored ends it; so does the end of this tab
   */
  readonly markSpent: (claim: Claim, untilStored: Promise<void>) => Promise<void>;
  readonly isSpent: (claim: Claim) => Promise<boolean>;
  /** Gives the other tabs a moment. */
  readonly pause: () => Promise<void>;
}

/** Waits until another tab's attempt is over or worth another look, each for a limited time; false where there is nothing to wait for. */
export type Watch = (attemptId: string) => Promise<boolean>;

/** Creates the right to refresh the sessions of one key; no pause outlasts the client's life. */
export function createRefreshRight(platform: Platform, key: string, life: AbortSignal): RefreshRight {
  // No locks at all are locks that are refused, as a browser does it in a sandboxed frame.
  const refuse = () => Promise.reject(new Error('there are no locks'));
  const locks: TabLocks = platform.locks ?? { hold: refuse, isHeld: refuse };

  const pauseToLook = () => pause(platform, life, LOOK_MS);
  const lockName = (...parts: readonly (string | number)[]) => [key, ...parts].join(':');

  // Locks are the session's own, so that one user's hung refresh keeps nobody else waiting.
  function hold(sessionId: string, attemptId: string, task: () => Promise<void>): Promise<void> {
    return withLock(lockName(sessionId), () => withLock(lockName(attemptId), task));
  }

  function withLock(name: string, task: () => Promise<void>): Promise<void> {
    let entered: Promise<void> | null = null;
    const enter = () => (entered = task());
    return locks.hold(name, TURN_MS, enter, life).catch(() => entered ?? task());
  }

  function watch(): Watch {
    let watched = '';
    let waitedMs = 0; // Counted in steps: a device that slept in between has waited for one of them at most.
    return async (attemptId) => {
      if (attemptId !== watched) [watched, waitedMs] = [attemptId, 0];
      if (waitedMs >= LONGEST_ATTEMPT_MS || !(await locks.isHeld(lockName(attemptId)).catch(() => true))) return false;
      waitedMs += await locks.hold(lockName(attemptId), WAIT_MS, () => Promise.resolve(WAIT_MS), life).catch(() => pauseToLook().then(() => LOOK_MS));
      return true;
    };
  }

  function markSpent({ sessionId, generation }: Claim, untilStored: Promise<void>): Promise<void> {
    return new Promise((begun) => {
      const keep = () => {
        begun();
        return untilStored;
      };
      locks.hold(lockName(sessionId, generation), LONGEST_ATTEMPT_MS, keep).then(begun, begun);
    });
  }

  return {
    hold,
    watch,
    markSpent,
    isSpent: ({ sessionId, generation }) => locks.isHeld(lockName(sessionId, generation)).catch(() => false),
    pause: pauseToLook,
  };
}
