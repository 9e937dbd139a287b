import { browserPlatform } from '../core/platform/browser-platform.ts';
import type { Platform, Release } from '../core/platform/platform.ts';

/** A clock that stands still until a test moves it, for a client and its embedded API alike. */
export interface TestClock {
  /** Epoch ms; for `createBonfireApi({ now: clock.now })`. */
  readonly now: () => number;
  /** Waits on this clock, or until a signal aborts; for `createBonfireApi({ sleep: clock.sleep })`. */
  readonly sleep: (ms: number, over?: AbortSignal) => Promise<void>;
  /**
   * A platform for one client: time is this clock's, requests go to `fetch`, and there are no other tabs.
   *
   * @param fetch such as `api.fetch`
   */
  readonly platform: (fetch: (request: Request) => Promise<Response>) => Platform;
  /** Moves time on, ms: all that falls due on the way happens, one after the other, refreshes included. */
  readonly advance: (ms: number) => Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** A request that neither ends nor sleeps, as while a token is signed, is waited for that long in real time; then it hangs. */
const HANGING_MS = 2000;

/**
 * Creates a clock that drives the whole engine: an hour-long token expires in a moment.
 *
 * @param startAt what it says at first, epoch ms
 * @example
 * ```ts
 * import { createAuthClient, memory } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * import { createBonfireApi, createTestClock } from 'unexpired/testing';
 * const clock = createTestClock();
 * const api = createBonfireApi({ accessTokenLifetimeMs: 3_600_000, now: clock.now, sleep: clock.sleep });
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.test/v1', appKey: 'app-key' });
 * const auth = createAuthClient({ protocol, storage: memory(), platform: clock.platform(api.fetch) });
 * await auth.signIn(protocol.createBotTokens(['ember']));
 * await clock.advance(3_600_000);
 * console.log(api.counts.refreshes); // 1, ahead of the expiry
 * ```
 */
export function createTestClock(startAt = Date.UTC(2030, 0, 1)): TestClock {
  const timers = new Set<Timer>();
  let now = startAt;
  let open = 0;
  let asleep = 0;
  let hanging = 0;

  function setTimer(fire: () => void, delayMs: number): Release {
    const timer = { at: now + Math.max(0, delayMs), fire };
    timers.add(timer);
    return () => void timers.delete(timer);
  }

  /** Follows what has begun to its end, or to where it waits for this clock. */
  async function settle(): Promise<void> {
    const patience = performance.now() + HANGING_MS;
    do await nextTurn();
    while (open - asleep > hanging && performance.now() < patience);
    hanging = Math.max(0, open - asleep);
    await nextTurn();
  }

  function nextDue(end: number): Timer | null {
    const [first] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
    return first ?? null;
  }

  async function counted<T>(work: Promise<T>): Promise<T> {
    open++;
    return work.finally(() => open--);
  }

  async function sleep(ms: number, over?: AbortSignal): Promise<void> {
    asleep++;
    await new Promise<void>((resolve) => {
      const release = setTimer(resolve, ms);
      const wake = () => {
        release();
        resolve();
      };
      if (over?.aborted) wake();
      over?.addEventListener('abort', wake, { once: true });
    });
    asleep--;
  }

  return {
    now: () => now,
    sleep,
    platform: (fetch) => ({
      ...browserPlatform(),
      now: () => ({ wall: now, monotonic: now - startAt }),
      setTimer,
      fetch: (input, init) => counted(fetch(new Request(input, init))),
      locks: null,
      openChannel: null,
      isOnline: () => true,
      onWake: () => () => undefined,
    }),
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (let due = nextDue(end); due; due = nextDue(end)) {
        now = Math.max(now, due.at);
        timers.delete(due);
        due.fire();
        await settle();
      }
      now = end;
    },
  };
}

/** A turn of the event loop, after the last microtask; a channel, because timers may be faked. */
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
