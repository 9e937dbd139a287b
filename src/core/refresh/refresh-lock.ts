import type { Claim } from '../model/record-change.ts';
import { pause } from '../platform/pause.ts';
import type { TabLocks } from '../platform/platform.ts';
import type { ClientContext } from '../session/client-context.ts';

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
  /**
   * Keeps other tabs from sending a spent refresh token while storage cannot show them that it is spent.
   *
   * @param untilStored ends it; closing the tab ends it, too
   */
  readonly markSpent: (claim: Claim, untilStored: Promise<void>) => Promise<void>;
  readonly isSpent: (claim: Claim) => Promise<boolean>;
  /** Waits a moment for the other tabs. */
  readonly pause: () => Promise<void>;
}

/** Waits until another tab's attempt is over or may have changed. Resolves to false if there is nothing to wait for. */
export type Watch = (attemptId: string) => Promise<boolean>;

/** Creates the lock for the sessions of one key. No wait outlasts the client. */
export function createRefreshLock({ platform, key, disposed }: Pick<ClientContext, 'platform' | 'key' | 'disposed'>): RefreshLock {
  // Missing locks behave like refused ones, which a browser has in a sandboxed frame.
  const refuse = () => Promise.reject();
  const locks: TabLocks = platform.locks ?? { hold: refuse, isHeld: refuse };

  const pauseToLook = () => pause(platform, disposed, LOOK_MS);
  const lockName = (...parts: readonly (string | number)[]) => [key, ...parts].join(':');

  // Each session has its own lock, so that one user's hung refresh does not block another user.
  function hold(sessionId: string, attemptId: string, task: () => Promise<void>): Promise<void> {
    return withLock(lockName(sessionId), () => withLock(lockName(attemptId), task));
  }

  function withLock(name: string, task: () => Promise<void>): Promise<void> {
    let entered: Promise<void> | null = null;
    const enter = () => (entered = task());
    return locks.hold(name, TURN_MS, enter, disposed).catch(() => entered ?? task());
  }

  function watch(): Watch {
    let watched = '';
    let waitedMs = 0; // Counted in steps, so that the sleep of a device counts as one step at most.
    return async (attemptId) => {
      if (attemptId !== watched) [watched, waitedMs] = [attemptId, 0];
      if (waitedMs >= LONGEST_ATTEMPT_MS || !(await locks.isHeld(lockName(attemptId)).catch(() => true))) return false;
      waitedMs += await locks.hold(lockName(attemptId), WAIT_MS, () => Promise.resolve(WAIT_MS), disposed).catch(() => pauseToLook().then(() => LOOK_MS));
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
