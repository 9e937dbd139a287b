import type { Release } from 'unexpired/core';

/** Where time passes: a timer on the device stands still while the device sleeps. */
export type Where = 'device' | 'outside';

/** What a timer stands for. */
export interface Task {
  /** The thread whose next step it is: a tab, a request, or the messages from one tab to another. */
  readonly thread: string;
  /** Tasks of one queue are done in the order in which they were set. */
  readonly queue?: string;
  /** Whether it is as fast as the device and the network, so that a scheduler may choose when it is done. Other timers fire when they are due. */
  readonly isPrompt?: boolean;
}

/** A timer that is set. */
export interface Timer extends Task {
  at: number;
  readonly order: number;
  readonly where: Where;
  readonly fire: () => void;
}

/** Decides the order of the timers that could fire now. */
export interface Scheduler {
  /** Called when a timer is set. */
  readonly onSet: (timer: Timer) => void;
  /** Called when a step reads or changes something that others can read or change: the code of a tab, storage, a lock, the server. */
  readonly onTouch: (object: string, isRead: boolean) => void;
  /** Returns the timer that fires next. There is always one. */
  readonly choose: (ready: readonly Timer[]) => Timer;
}

/** The true time. It moves only by `advance` and `until`, which wait for the last microtask of each timer that fires. */
export interface SimulatedTime {
  readonly now: () => number;
  readonly setTimer: (fire: () => void, delayMs: number, where?: Where, task?: Task) => Release;
  readonly delay: (ms: number, where?: Where, task?: Task) => Promise<void>;
  /** Marks work outside of this thread, such as signing: time stands still until it is done. */
  readonly working: <T>(work: Promise<T>) => Promise<T>;
  /** Postpones all timers on the device. */
  readonly postponeDevice: (ms: number) => void;
  /** Called whenever all work that was due is done. An error that it throws ends `advance` and `until`. */
  onSettled: () => void;
  /** Chooses among the prompt timers and those that are due. 1 ms passes at each choice. With `null`, timers fire in the order of time. */
  scheduler: Scheduler | null;
  /** Shows the scheduler that this step reads or changes something. */
  readonly touch: (object: string, isRead?: boolean) => void;
  /** How many timers have fired so far. */
  readonly steps: () => number;
  readonly advance: (ms: number) => Promise<void>;
  readonly until: <T>(promise: Promise<T>) => Promise<T>;
}

const MAX_STEPS = 100_000;

const DEVICE: Task = { thread: 'device' };

export function createTime(startAt: number): SimulatedTime {
  const timers = new Set<Timer>();
  let now = startAt;
  let order = 0;
  let busy = 0;
  let steps = 0;

  function setTimer(fire: () => void, delayMs: number, where: Where = 'device', task: Task = DEVICE): Release {
    const timer: Timer = { ...task, at: now + Math.max(0, delayMs), order: order++, where, fire };
    timers.add(timer);
    time.scheduler?.onSet(timer);
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

  /** The timers that could fire now, in the order in which they were set. */
  function readyTimers(): Timer[] {
    const queues = new Set<string>();
    const isFirst = ({ queue }: Timer) => queue === undefined || (!queues.has(queue) && Boolean(queues.add(queue)));
    return [...timers].filter((timer) => (timer.isPrompt || timer.at <= now) && isFirst(timer));
  }

  /** Advances the time to the next timer, and returns it; `null` if there is none until `end`. */
  function nextBy({ scheduler }: SimulatedTime, end: number): Timer | null {
    const next = nextTimer();
    const isPrompt = scheduler !== null && readyTimers().length > 0;
    if (!next || (next.at > end && !isPrompt)) return null;
    now = isPrompt ? Math.min(now + 1, Math.max(now, end)) : Math.max(now, next.at);
    return scheduler ? scheduler.choose(readyTimers()) : next;
  }

  async function step(end: number): Promise<boolean> {
    await settle();
    const next = nextBy(time, end);
    if (!next) return false;
    timers.delete(next);
    steps++;
    next.fire();
    return true;
  }

  const time: SimulatedTime = {
    now: () => now,
    setTimer,
    delay: (ms, where, task) => new Promise<void>((resolve) => setTimer(resolve, ms, where, task)),
    working: (work) => {
      busy++;
      return work.finally(() => busy--);
    },
    postponeDevice(ms) {
      for (const timer of timers) if (timer.where === 'device') timer.at += ms;
    },
    onSettled: () => undefined,
    scheduler: null,
    touch: (object, isRead = false) => time.scheduler?.onTouch(object, isRead),
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
