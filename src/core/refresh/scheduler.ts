import { stepMs } from '../model/refresh-policy.ts';
import type { Platform, Release } from '../platform/platform.ts';

/** Runs something when it is due, by timers that never run long. */
export interface Scheduler {
  /** Looks again at what is due; call it after every change and every wake signal. */
  readonly arm: () => void;
  readonly disarm: Release;
}

/**
 * Creates a scheduler.
 *
 * @param dueInMs how long until the task is due, ms; `null` when nothing is
 * @param run starts the task; `dueInMs` must then no longer be 0
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
    if (due !== null) release = platform.setTimer(tick, stepMs(due));
  }

  function tick(): void {
    release = null;
    if (dueInMs() === 0) run();
    else arm();
  }

  return { arm, disarm };
}
