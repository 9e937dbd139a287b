import type { Release } from 'unexpired/core';

/** Where time passes: a timer on the device stands still while the device sleeps. */
export type Where = 'device' | 'outside';

interface Timer {
  at: number;
  readonly order: number;
  readonly where: Where;
  readonly fire: () => void;
}

/** The true time. It moves only by `advance` and `until`, which wait for the last microtask of each timer that fires. */
export interface SimulatedTime {
  readonly now: () => number;
  readonly setTimer: (fire: () => void, delayMs: number, where?: Where) => Release;
  readonly delay: (ms: number, where?: Where) => Promise<void>;
  /** Marks work outside of this thread, such as signing: time stands still until it is done. */
  readonly working: <T>(work: Promise<T>) => Promise<T>;
  /** Postpones all timers on the device. */
  readonly postponeDevice: (ms: number) => void;
  /** Called whenever all work that was due is done. An error that it throws ends `advance` and `until`. */
  onSettled: () => void;
  /** How many timers have fired so far. */
  readonly steps: () => number;
  readonly advance: (ms: number) => Promise<void>;
  readonly until: <T>(promise: Promise<T>) => Promise<T>;
}

const MAX_STEPS = 100_000;

export function createTime(startAt: number): SimulatedTime {
  const timers = new Set<Timer>();
  let now = startAt;
  let order = 0;
  let busy = 0;
  let steps = 0;

  function setTimer(fire: () => void, delayMs: number, where: Where = 'device'): Release {
    const timer: Timer = { at: now + Math.max(0, delayMs), order: order++, where, fire };
    timers.add(timer);
    return () => void timers.delete(timer);
  }

  // A turn of the event loop comes after the last microtask. Work that needs longer is marked by `working`.
  async function settle(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (busy > 0);
    time.onSettled();
  }

  function nextTimer(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    }
    return next;
  }

  async function step(end: number): Promise<boolean> {
    await settle();
    const next = nextTimer();
    if (!next || next.at > end) return false;
    now = Math.max(now, next.at);
    timers.delete(next);
    steps++;
    next.fire();
    return true;
  }

  const time: SimulatedTime = {
    now: () => now,
    setTimer,
    delay: (ms, where) => new Promise<void>((resolve) => setTimer(resolve, ms, where)),
    working: (work) => {
      busy++;
      return work.finally(() => busy--);
    },
    postponeDevice(ms) {
      for (const timer of timers) if (timer.where === 'device') timer.at += ms;
    },
    onSettled: () => undefined,
    steps: () => steps,
    async advance(ms) {
      const end = now + ms;
      while (await step(end));
      now = end;
      await settle();
    },
    async until(promise) {
      let settled = false;
      const mark = () => (settled = true);
      promise.then(mark, mark);
      for (let count = 0; count < MAX_STEPS; count++) {
        await settle();
        if (settled) return promise;
        if (!(await step(Infinity))) break;
      }
      await settle();
      if (settled) return promise;
      throw new Error('The promise cannot settle any more, because no timer is left in this world.');
    },
  };
  return time;
}
