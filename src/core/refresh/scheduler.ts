import { stepMs } from '../model/refresh-policy.ts';
import type { Platform, Release } from '../platform/platform.ts';

/** Runs a task when it is due, by short timers. */
export interface Scheduler {
  /** Computes again when the task is due. Call it after every change and every wake signal. */
  readonly arm: () => void;
  readonly disarm: Release;
}

/**
 * Creates a scheduler.
 *
 * @param dueInMs returns how long until the task is due, ms; `null` if it is not
 * @param run starts the task; afterwards `dueInMs` must not be 0
 */
export function createScheduler(platform: Platform, dueInMs: () => number | null, run: () => void): Scheduler {
  let release: Release | null = null;

  function disarm(): void {
    release?.();
    release = null;
  }

  function arm(): void {
    disarm();
    const due = dueInMs();
    if (due !== null) release = platform.setTimer(tick, stepMs(due), true);
  }

  function tick(): void {
    release = null;
    if (dueInMs() === 0) run();
    else arm();
  }

  return { arm, disarm };
}
