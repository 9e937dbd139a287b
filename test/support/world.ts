import type { CookieJar } from 'unexpired/testing';
import { createSharedArea, type SharedArea } from './world/areas.ts';
import { createChannels } from './world/channels.ts';
import { createClocks } from './world/clocks.ts';
import { createLocks } from './world/locks.ts';
import { createNetwork, type Exchange, type NetworkFault } from './world/network.ts';
import { createStorage, type SimulatedStorage } from './world/storage.ts';
import { createTab, type Browser, type Tab, type TabOptions } from './world/tab.ts';
import { createTime, type Scheduler, type SimulatedTime } from './world/time.ts';

export type { Exchange, NetworkFault } from './world/network.ts';
export type { StorageFault } from './world/storage.ts';
export type { SimulatedPlatform, Tab, TabOptions } from './world/tab.ts';
export type { Scheduler, Task, Timer } from './world/time.ts';

/** What takes time on the device: an operation of storage, its answer, a message, or a write of another tab to `localStorage`. */
export type Delayed = 'storage' | 'answer' | 'message' | 'area';

/** A simulated browser: many tabs share one storage, one clock and one network. Time moves only by `advance`, `until` and `sleep`. */
export interface World {
  readonly now: () => number;
  /** The error of the wall clock of all tabs, ms. It may change at any time. */
  skewMs: number;
  /** How fast the wall clock drifts, ms in 1000 s. */
  driftPpm: number;
  /** While this is false, each request that is sent or in flight fails with a network error. */
  online: boolean;
  /** The cookies that all tabs share; none by default. */
  jar: CookieJar | null;
  latencyMs: number;
  /** How long a late answer takes beyond the latency, ms. */
  lateMs: number;
  /** How long something takes on the device, ms. */
  delayOf: (what: Delayed) => number;
  faultOf: (request: Request) => NetworkFault;
  /** Changes the text of an answer to a refresh, as a server with a mistake does. */
  rewrite: (answer: string) => string;
  readonly storage: SimulatedStorage;
  readonly localArea: SharedArea;
  /** Answers requests to servers in this world, whose work takes simulated time. `null` leaves a request to the server outside of it. */
  inWorld: (request: Request) => Promise<Response> | null;
  /** Called when a request is sent, and when it enters a new phase. */
  onExchange: (exchange: Exchange) => void;
  /** Called before the cookies of an answer are stored. */
  onCookies: (exchange: Exchange) => void;
  /** Called whenever all work that was due is done. An error that it throws ends `advance` and `until`. */
  onSettled: () => void;
  /** Marks work outside of this thread, such as encryption: time stands still until it is done. */
  readonly working: <T>(work: Promise<T>) => Promise<T>;
  readonly openTab: (options?: TabOptions) => Tab;
  /** Makes errors of network and storage quote their input, tokens included. */
  errorsQuoteInput: boolean;
  /** Chooses the order in which things happen; `null` for the order of time. */
  scheduler: Scheduler | null;
  /** Sets a timer that belongs to no tab. */
  readonly setTimer: SimulatedTime['setTimer'];
  /** How many timers have fired so far. */
  readonly steps: () => number;
  /** Advances time and fires the timers that are due, in order. */
  readonly advance: (ms: number) => Promise<void>;
  /** Advances time until a promise settles, and returns that promise. */
  readonly until: <T>(promise: Promise<T>) => Promise<T>;
  /** Puts the whole device to sleep: only the wall clock and the server continue. */
  readonly sleep: (ms: number) => Promise<void>;
}

export function createWorld(serve: (request: Request) => Promise<Response>, startAt = Date.UTC(2026, 0, 1)): World {
  const time = createTime(startAt);
  const clocks = createClocks(time);
  const delayOf = (what: Delayed) => world.delayOf(what);
  const network = createNetwork(time, serve);
  const storage = createStorage(time, delayOf);
  const localArea = createSharedArea(time, () => delayOf('area'));
  const browser: Browser = { time, clocks, storage, network, localArea, locks: createLocks(time), channels: createChannels(time, () => delayOf('message')) };
  const tabs: Tab[] = [];

  async function sleep(ms: number): Promise<void> {
    await time.advance(0); // Work that has already started is finished before the sleep.
    const awake = tabs.filter((tab) => !tab.process.isFrozen());
    for (const tab of awake) tab.process.freeze();
    time.postponeDevice(ms);
    await time.advance(ms);
    clocks.slept(ms);
    for (const tab of awake) tab.process.thaw();
  }

  const world: World = {
    ...{ now: time.now, steps: time.steps, advance: time.advance, until: time.until, setTimer: time.setTimer, working: time.working, sleep, storage, localArea },
    delayOf: (what) => ({ storage: 1, answer: 0, message: 2, area: 3 })[what],
    openTab(options = {}) {
      const tab = createTab(browser, tabs.length + 1, options);
      tabs.push(tab);
      return tab;
    },
    get skewMs() { return clocks.skewMs; },
    set skewMs(ms) { clocks.skewMs = ms; },
    get driftPpm() { return clocks.driftPpm; },
    set driftPpm(ppm) { clocks.driftPpm = ppm; },
    get online() { return network.online; },
    set online(online) { network.online = online; },
    get jar() { return network.jar; },
    set jar(jar) { network.jar = jar; },
    get latencyMs() { return network.latencyMs; },
    set latencyMs(ms) { network.latencyMs = ms; },
    get lateMs() { return network.lateMs; },
    set lateMs(ms) { network.lateMs = ms; },
    get faultOf() { return network.faultOf; },
    set faultOf(faultOf) { network.faultOf = faultOf; },
    get rewrite() { return network.rewrite; },
    set rewrite(rewrite) { network.rewrite = rewrite; },
    get inWorld() { return network.inWorld; },
    set inWorld(inWorld) { network.inWorld = inWorld; },
    get onExchange() { return network.onExchange; },
    set onExchange(onExchange) { network.onExchange = onExchange; },
    get onCookies() { return network.onCookies; },
    set onCookies(onCookies) { network.onCookies = onCookies; },
    get onSettled() { return time.onSettled; },
    set onSettled(onSettled) { time.onSettled = onSettled; },
    get scheduler() { return time.scheduler; },
    set scheduler(scheduler) { time.scheduler = scheduler; },
    get errorsQuoteInput() { return network.errorsQuoteInput; },
    set errorsQuoteInput(quote) { network.errorsQuoteInput = storage.errorsQuoteInput = quote; },
  };
  return world;
}
