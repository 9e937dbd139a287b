import type { Claim } from './model/record-change.ts';
import { createPauses } from './pauses.ts';
import type { Platform, Release } from './platform.ts';

/** Past its own deadlines for noting, asking and storing, whoever has the right must be frozen or dead. */
const LONGEST_ATTEMPT_MS = 30_000;

/** Without locks, how often a tab looks whether the attempt of another one is over, ms. */
const LOOK_MS = 250;

/** The right to refresh a session: one tab has it at a time. */
export interface RefreshRight {
  /**
   * Runs a task that has the right, or gets it by the attempt that is noted in the record.
   *
   * @param task is told how to find out that a noted attempt is over: by holding the lock at once, else by waiting
   */
  readonly hold: (sessionId: string, task: (isOver: (attemptId: string) => boolean) => Promise<void>) => Promise<void>;
  /** Waits before looking at another tab's attempt again. */
  readonly pause: () => Promise<void>;
  /**
   * Keeps the other tabs from sending a refresh token that is spent, as storage cannot tell them.
   *
   * @param untilStored ends it; so does the end of this tab
   */
  readonly markSpent: (claim: Claim, untilStored: Promise<void>) => Promise<void>;
  readonly isSpent: (claim: Claim) => Promise<boolean>;
  readonly isDisposed: () => boolean;
  readonly dispose: Release;
}

/** Creates the right to refresh under a key; locks are the session's own, so that one user's hung refresh keeps nobody else waiting. */
export function createRefreshRight(platform: Platform, key: string): RefreshRight {
  const pauses = createPauses(platform);
  let disposed = false;
  let marked = false;

  const lockName = (...parts: readonly (string | number)[]) => [key, ...parts].join(':');

  function hold(sessionId: string, task: (isOver: (attemptId: string) => boolean) => Promise<void>): Promise<void> {
    const alone = () => task(watchAttempts(platform));
    if (!platform.locks) return alone();
    let entered: Promise<void> | null = null;
    const enter = () => (entered = task(() => true));
    // A browser may have locks and refuse them, as in a sandboxed frame.
    return platform.locks.hold(lockName(sessionId), LONGEST_ATTEMPT_MS, enter).catch(() => entered ?? alone());
  }

  async function markSpent({ sessionId, generation }: Claim, untilStored: Promise<void>): Promise<void> {
    const { locks } = platform;
    if (!locks || marked) return;
    marked = true;
    await new Promise<void>((begun) => {
      const keep = () => {
        begun();
        return untilStored;
      };
      const end = () => {
        marked = false;
        begun();
      };
      locks.hold(lockName(sessionId, generation), LONGEST_ATTEMPT_MS, keep).then(end, end);
    });
  }

  return {
    hold,
    pause: () => pauses.pause(LOOK_MS),
    markSpent,
    isSpent: async ({ sessionId, generation }) => (await platform.locks?.isHeld(lockName(sessionId, generation)).catch(() => false)) ?? false,
    isDisposed: () => disposed,
    dispose() {
      disposed = true;
      pauses.end();
    },
  };
}

/** Without locks, an attempt is over once it has been seen for longer than any can last; by the clock that never jumps. */
function watchAttempts(platform: Platform): (attemptId: string) => boolean {
  let watched = '';
  let since = 0;
  return (attemptId) => {
    const { monotonic } = platform.now();
    if (attemptId !== watched) [watched, since] = [attemptId, monotonic];
    return monotonic - since > LONGEST_ATTEMPT_MS;
  };
}
