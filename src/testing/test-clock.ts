import { browserPlatform } from '../core/platform/browser-platform.ts';
import type { Platform, Release } from '../core/platform/platform.ts';
import { checkNumber } from './option-check.ts';

/** A clock that a test moves, for a client and its embedded API. */
export interface TestClock {
  /** Returns the time, epoch ms; for `createBonfireApi({ now: clock.now })`. */
  readonly now: () => number;
  /** Waits for a time in ms on this clock, or until a signal aborts; for `createBonfireApi({ sleep: clock.sleep })`. */
  readonly sleep: (ms: number, over?: AbortSignal) => Promise<void>;
  /**
   * Creates the platform of one client. It uses this clock, sends requests to `fetch`, and has no other tabs.
   *
   * @param fetch a function that answers requests, such as `api.fetch`
   */
  readonly platform: (fetch: (request: Request) => Promise<Response>) => Platform;
  /** Moves the time forward by ms. Timers run in order when they are due, and each refresh ends before the next timer. */
  readonly advance: (ms: number) => Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** How long in real time the clock waits for a request that neither ends nor sleeps, such as while a token is signed. */
const HANGING_MS = 2000;

/** It also gets this many turns of the event loop, because turns take longer on a slow machine, as its work does. */
const HANGING_TURNS = 100_000;

/**
 * Creates a clock that a test moves, so that a token of one hour expires in a moment.
 *
 * @param startAt the time at the start, epoch ms
 * @throws RangeError or TypeError that names `startAt` if it is not a number of ms
 * @example
 * ```ts
 * import { createAuthClient, memory } from 'unexpired/core';
 * import { bonfire, createBotTokens } from 'unexpired/bonfire';
 * import { createBonfireApi, createTestClock } from 'unexpired/testing';
 * const clock = createTestClock();
 * const api = createBonfireApi({ accessTokenLifetimeMs: 3_600_000, now: clock.now, sleep: clock.sleep });
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.test/v1', appKey: 'app-key' });
 * const auth = createAuthClient({ protocol, storage: memory(), platform: clock.platform(api.fetch) });
 * await auth.signIn(createBotTokens(protocol, ['ember']));
 * await clock.advance(3_600_000);
 * console.log(api.counts.refreshes); // 1: the client refreshed before the expiry.
 * ```
 */
export function createTestClock(startAt = Date.UTC(2030, 0, 1)): TestClock {
  checkNumber('startAt', startAt, 'must be epoch milliseconds', Number.isFinite);
  let now = startAt;
  const timers = createTimers(() => now);
  const work = createWork();

  async function advance(ms: number): Promise<void> {
    checkNumber('ms', ms, 'must be a number of ms, 0 or more', (value) => value >= 0 && Number.isFinite(value));
    const end = now + ms;
    await work.settle();
    for (let due = timers.takeDue(end); due; due = timers.takeDue(end)) {
      now = Math.max(now, due.at);
      due.fire();
      await work.settle();
    }
    now = end;
  }

  return {
    now: () => now,
    sleep: (ms, over) => work.whileAsleep(sleepUntil(timers, ms, over)),
    platform: (fetch) => ({
      ...browserPlatform(),
      now: () => ({ wall: now, monotonic: now - startAt }),
      setTimer: timers.set,
      fetch: (input, init) => work.whileOpen(fetch(new Request(input, init))),
      locks: null,
      openChannel: null,
      isOnline: () => true,
      onWake: () => () => undefined,
    }),
    advance,
  };
}

/** Keeps timers by the time of a clock. */
function createTimers(now: () => number) {
  const timers = new Set<Timer>();
  return {
    set(fire: () => void, delayMs: number): Release {
      const timer = { at: now() + Math.max(0, delayMs), fire };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    /** Removes the first timer that is due at a time; `null` if none is. */
    takeDue(end: number): Timer | null {
      const [first] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (first) timers.delete(first);
      return first ?? null;
    },
  };
}

/** Counts the open requests and the sleeping ones. */
function createWork() {
  let open = 0;
  let asleep = 0;
  let hanging = 0;
  return {
    async whileOpen<T>(request: Promise<T>): Promise<T> {
      open++;
      return request.finally(() => open--);
    },
    async whileAsleep(sleep: Promise<void>): Promise<void> {
      asleep++;
      return sleep.finally(() => asleep--);
    },
    /** Waits until every request has ended or waits for this clock. */
    async settle(): Promise<void> {
      const deadline = performance.now() + HANGING_MS;
      let turns = 0;
      do {
        await nextTurn();
        turns++;
      } while (open - asleep > hanging && (performance.now() < deadline || turns < HANGING_TURNS));
      hanging = Math.max(0, open - asleep);
      await nextTurn();
    },
  };
}

/** Resolves when a timer fires, or when `over` aborts. */
function sleepUntil(timers: ReturnType<typeof createTimers>, ms: number, over: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const release = timers.set(resolve, ms);
    const wake = () => {
      release();
      resolve();
    };
    if (over?.aborted) wake();
    over?.addEventListener('abort', wake, { once: true });
  });
}

/** Waits for the next turn of the event loop. It uses a channel, because a test may have replaced the timers. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
