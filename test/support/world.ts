import type { AuthStorage, Platform, Release, TextArea, WakeSignal } from 'unexpired/core';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

interface Lock {
  readonly owner: Tab;
  readonly grant: () => void;
}

/** What the network does with one request; the server may have processed it all the same. */
export type NetworkFault = 'none' | 'dropBefore' | 'dropAfter' | 'hangBefore' | 'hangAfter';

/** A tab of the simulated browser. */
export interface Tab {
  readonly platform: Platform;
  readonly warnings: string[];
  /** Messages that this tab has posted. */
  readonly posted: unknown[];
  readonly wake: (signal: WakeSignal) => void;
  /** The tab is gone at once: no timer, lock or channel of it is left, and nothing answers it any more. */
  readonly kill: () => void;
  /** What it still holds of the world, for leak checks. */
  readonly held: () => { timers: number; channels: number; wakeListeners: number; locks: number };
}

/** A simulated browser: many tabs over one storage, one clock and one network, moved on by `advance` alone. */
export interface World {
  readonly now: () => number;
  /** What the tabs' wall clocks are wrong by, ms; may be changed at any time. */
  skewMs: number;
  online: boolean;
  latencyMs: number;
  /** How long storage takes for an operation, and a message for its way, ms. */
  delayOf: (what: 'storage' | 'message') => number;
  faultOf: (request: Request) => NetworkFault;
  readonly storage: AuthStorage & { readonly values: Map<string, unknown>; fails: Error | null };
  readonly openTab: () => Tab;
  /** Moves time on, firing what comes due, in order. */
  readonly advance: (ms: number) => Promise<void>;
  /** Moves time on until a promise settles, and gives its outcome. */
  readonly until: <T>(promise: Promise<T>) => Promise<T>;
}

export function createWorld(serve: (request: Request) => Promise<Response>, startAt = Date.UTC(2026, 0, 1)): World {
  let time = startAt;
  let order = 0;
  let busy = 0;
  let tabs = 0;
  const timers = new Set<Timer>();
  const locks = new Map<string, Lock[]>();
  const channels = new Map<string, Set<{ tab: Tab; receive: (message: unknown) => void }>>();

  function setTimer(fire: () => void, delayMs: number): Release {
    const timer: Timer = { at: time + Math.max(0, delayMs), order: order++, fire };
    timers.add(timer);
    return () => void timers.delete(timer);
  }

  const delay = (ms: number) => new Promise<void>((resolve) => setTimer(resolve, ms));

  async function settle(): Promise<void> {
    let quiet = 0;
    while (quiet < 4) {
      await new Promise((resolve) => setImmediate(resolve));
      quiet = busy > 0 ? 0 : quiet + 1;
    }
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
    time = Math.max(time, next.at);
    timers.delete(next);
    next.fire();
    return true;
  }

  const values = new Map<string, unknown>();
  const storage: World['storage'] = {
    name: 'simulated',
    values,
    fails: null,
    async read(key) {
      await delay(world.delayOf('storage'));
      if (storage.fails) throw storage.fails;
      return values.get(key);
    },
    async update(key, change) {
      await delay(world.delayOf('storage'));
      if (storage.fails) throw storage.fails;
      values.set(key, change(values.get(key)));
    },
  };

  async function roundTrip(request: Request): Promise<Response> {
    const fault = world.faultOf(request);
    await delay(world.latencyMs / 2);
    if (fault === 'hangBefore') return new Promise(() => undefined);
    if (fault === 'dropBefore') throw new TypeError('Failed to fetch');
    busy++;
    const response = await serve(request).finally(() => busy--);
    await delay(world.latencyMs / 2);
    if (fault === 'hangAfter') return new Promise(() => undefined);
    if (fault === 'dropAfter') throw new TypeError('Failed to fetch');
    return response;
  }

  function holdLock(owner: Tab, name: string, maxWaitMs: number): Promise<Release> {
    const queue = locks.get(name) ?? [];
    locks.set(name, queue);
    return new Promise((resolve) => {
      let release: Release = () => undefined;
      const lock: Lock = {
        owner,
        grant: () => {
          release();
          resolve(() => leave(queue, lock));
        },
      };
      queue.push(lock);
      if (queue[0] === lock) return lock.grant();
      release = setTimer(() => {
        leave(queue, lock);
        resolve(holdLock(owner, `${name}:takeover`, maxWaitMs));
      }, maxWaitMs);
    });
  }

  function leave(queue: Lock[], lock: Lock): void {
    const index = queue.indexOf(lock);
    if (index < 0) return;
    queue.splice(index, 1);
    if (index === 0) queue[0]?.grant();
  }

  const localArea = createArea();

  function openTab(): Tab {
    const sessionArea = createArea();
    const name = `tab-${++tabs}`;
    const openedAt = time;
    const releases = new Set<Release>();
    const wakes = new Set<(signal: WakeSignal) => void>();
    let alive = true;
    let seed = tabs * 7919;
    let ids = 0;

    const timer = (callback: () => void, delayMs: number): Release => {
      const release = setTimer(() => {
        releases.delete(stop);
        if (alive) callback();
      }, delayMs);
      const stop = () => {
        releases.delete(stop);
        release();
      };
      releases.add(stop);
      return stop;
    };

    const whileAlive = async <T>(promise: Promise<T>): Promise<T> => {
      const value = await promise;
      return alive ? value : new Promise<T>(() => undefined);
    };

    const tab: Tab = {
      warnings: [],
      posted: [],
      wake: (signal) => {
        for (const listener of [...wakes]) listener(signal);
      },
      kill() {
        alive = false;
        for (const release of [...releases]) release();
        wakes.clear();
        for (const set of channels.values()) for (const end of [...set]) if (end.tab === tab) set.delete(end);
        for (const queue of locks.values()) for (const lock of [...queue]) if (lock.owner === tab) leave(queue, lock);
      },
      held: () => ({
        timers: releases.size,
        channels: [...channels.values()].flatMap((set) => [...set]).filter((end) => end.tab === tab).length,
        wakeListeners: wakes.size,
        locks: [...locks.values()].flat().filter((lock) => lock.owner === tab).length,
      }),
      platform: {
        now: () => ({ wall: time + world.skewMs, monotonic: time - openedAt }),
        setTimer: timer,
        random: () => {
          seed = (seed * 48271) % 2147483647;
          return seed / 2147483647;
        },
        randomId: () => `${name}-${++ids}`,
        fetch: (input, init) => {
          const request = new Request(input, init);
          return new Promise((resolve, reject) => {
            const abort = () => reject(request.signal.reason);
            if (request.signal.aborted) return abort();
            request.signal.addEventListener('abort', abort);
            whileAlive(roundTrip(request)).then(resolve, (error: unknown) => alive && reject(error));
          });
        },
        locks: {
          hold: async (lockName, maxWaitMs, task) => {
            const release = await whileAlive(holdLock(tab, lockName, maxWaitMs));
            return task().finally(release);
          },
          isHeld: (lockName) => Promise.resolve((locks.get(lockName) ?? []).length > 0),
        },
        openChannel: (channelName, onMessage) => {
          const set = channels.get(channelName) ?? new Set();
          channels.set(channelName, set);
          const end = { tab, receive: onMessage };
          set.add(end);
          return {
            post: (message) => {
              tab.posted.push(message);
              for (const other of set) if (other !== end) setTimer(() => set.has(other) && other.receive(structuredClone(message)), world.delayOf('message'));
            },
            close: () => void set.delete(end),
          };
        },
        isOnline: () => world.online,
        openArea: (kind) => (kind === 'local' ? localArea : sessionArea),
        onWake: (listener) => {
          wakes.add(listener);
          return () => void wakes.delete(listener);
        },
        storage: {
          name: storage.name,
          read: (key) => whileAlive(storage.read(key)),
          update: (key, change) => whileAlive(storage.update(key, (current) => (alive ? change(current) : current))),
        },
        warn: (text) => void tab.warnings.push(text),
      },
    };
    return tab;
  }

  const world: World = {
    now: () => time,
    skewMs: 0,
    online: true,
    latencyMs: 20,
    delayOf: (what) => (what === 'storage' ? 1 : 2),
    faultOf: () => 'none',
    storage,
    openTab,
    async advance(ms) {
      const end = time + ms;
      while (await step(end));
      time = end;
      await settle();
    },
    async until(promise) {
      let settled = false;
      const mark = () => (settled = true);
      promise.then(mark, mark);
      for (let steps = 0; steps < 100_000; steps++) {
        await settle();
        if (settled) return promise;
        if (!(await step(Infinity))) break;
      }
      await settle();
      if (settled) return promise;
      throw new Error('the promise can no longer settle: nothing is due in this world');
    },
  };
  return world;
}

function createArea(): TextArea {
  const texts = new Map<string, string>();
  return {
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
  };
}
