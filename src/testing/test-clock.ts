import { browserPlatform } from '../core/browser-platform.ts';
import type { Platform, Release } from '../core/platform.ts';

/** A clock that stands still until a test moves it, for a client and its embedded API alike. */
export interface TestClock {
  /** Epoch ms; for `createBonfireApi({ now: clock.now })`. */
  readonly now: () => number;
  /** Waits on this clock; for `createBonfireApi({ sleep: clock.sleep })`. */
  readonly sleep: (ms: number) => Promise<void>;
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

/** What leaves the thread, such as signing a token, is waited for that long in real time; longer is a request that hangs. */
const HANGING_MS = 100;

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
  let busy = 0;

  function setTimer(fire: () => void, delayMs: number): Release {
    const timer = { at: now + Math.max(0, delayMs), fire };
    timers.add(timer);
    return () => void timers.delete(timer);
  }

  /** Follows what has begun to its end, or to where it waits for this clock. */
  async function settle(): Promise<void> {
    const patience = performance.now() + HANGING_MS;
    do await nextTurn();
    while (busy > 0 && performance.now() < patience);
    busy = 0;
    await nextTurn();
  }

  function nextDue(end: number): Timer | null {
    const [first] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
    return first ?? null;
  }

  async function counted<T>(work: Promise<T>): Promise<T> {
    busy++;
    return work.finally(() => (busy = Math.max(0, busy - 1)));
  }

  return {
    now: () => now,
    async sleep(ms) {
      busy = Math.max(0, busy - 1); // The request that sleeps is waited for no more, until it goes on.
      await new Promise<void>((resolve) => setTimer(resolve, ms));
      busy++;
    },
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
