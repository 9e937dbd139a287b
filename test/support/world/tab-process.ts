import type { Release } from 'unexpired/core';
import type { SimulatedTime, Task } from './time.ts';

/** Decides whether and when the code of a tab runs. */
export interface TabProcess {
  readonly name: string;
  readonly isAlive: () => boolean;
  readonly isFrozen: () => boolean;
  /** Timers fire only at multiples of this time, ms. It is 0 in the foreground. */
  readonly throttleMs: () => number;
  /** Runs code of the tab now, when it thaws, or never. The code after each await of the tab passes here. */
  readonly run: (code: () => void) => void;
  /** Sets a timer of the page, which throttling and freezing delay. */
  readonly setTimer: (code: () => void, delayMs: number, task?: Task) => Release;
  /** Shows a scheduler that this step reads or changes something that all share. */
  readonly touch: SimulatedTime['touch'];
  readonly timers: () => number;
  readonly freeze: () => void;
  readonly thaw: () => void;
  readonly throttle: (ms: number) => void;
  /** Lets the tab run code that many more times, and then ends it. */
  readonly dieAfter: (runs: number) => void;
  readonly die: () => void;
}

/** Creates the process of one tab. `onDeath` releases what the world holds for it. */
export function createTabProcess(time: SimulatedTime, name: string, onDeath: () => void): TabProcess {
  const ownTask: Task = { thread: name };
  const timers = new Set<Release>();
  const heldBack = new Map<() => void, Release>();
  let missed: (() => void)[] = [];
  let alive = true;
  let frozen = false;
  let throttleMs = 0;
  let runsLeft = Infinity;

  function run(code: () => void): void {
    time.touch(name);
    if (!alive) return;
    if (frozen) return void missed.push(code);
    if (runsLeft-- <= 0) return die();
    code();
  }

  function setTimer(code: () => void, delayMs: number, task = ownTask): Release {
    if (!alive) return () => undefined;
    let release = time.setTimer(due, delayMs, 'device', task);
    const stop = () => {
      timers.delete(stop);
      heldBack.delete(due);
      release();
    };
    function due(): void {
      heldBack.delete(due);
      const late = throttleMs === 0 ? 0 : time.now() % throttleMs;
      if (late === 0) return run(() => void (timers.delete(stop) && code()));
      release = time.setTimer(due, throttleMs - late, 'device', task);
      heldBack.set(due, release);
    }
    timers.add(stop);
    return stop;
  }

  function throttle(ms: number): void {
    throttleMs = ms;
    for (const [due, release] of [...heldBack]) {
      release();
      due(); // The timer is delayed again if the tab is still in the background.
    }
  }

  function die(): void {
    time.touch(name);
    if (!alive) return;
    alive = false;
    for (const stop of [...timers]) stop();
    missed = [];
    onDeath();
  }

  return {
    name,
    isAlive: () => alive,
    isFrozen: () => frozen,
    throttleMs: () => throttleMs,
    run,
    setTimer,
    touch: time.touch,
    timers: () => timers.size,
    freeze: () => void (frozen = true),
    thaw() {
      frozen = false;
      for (const code of missed.splice(0)) time.setTimer(() => run(code), 0, 'device', ownTask);
    },
    throttle,
    dieAfter: (runs) => void (runsLeft = runs),
    die,
  };
}

/** Wraps a promise for a tab: it settles only when code of the tab can run, and never after the tab has ended. */
export function settleIn<T>(tabProcess: TabProcess, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    promise.then(
      (value) => tabProcess.run(() => resolve(value)),
      (error: unknown) => tabProcess.run(() => reject(error)),
    );
  });
}
