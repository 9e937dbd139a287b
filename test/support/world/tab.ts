import type { AuthStorage, Platform, TabLocks, WakeSignal } from 'unexpired/core';
import { createOwnArea, type OwnArea, type SharedArea } from './areas.ts';
import type { SimulatedChannels } from './channels.ts';
import { instantOf, type SimulatedClocks } from './clocks.ts';
import { createTabProcess, type TabProcess } from './tab-process.ts';
import type { SimulatedLocks } from './locks.ts';
import type { SimulatedNetwork } from './network.ts';
import type { SimulatedStorage } from './storage.ts';
import type { SimulatedTime } from './time.ts';

/** A platform of a simulated tab, and the storage that its client uses. */
export type SimulatedPlatform = Platform & { readonly storage: AuthStorage };

/** A tab of the simulated browser. */
export interface Tab {
  readonly name: string;
  readonly platform: SimulatedPlatform;
  readonly warnings: string[];
  /** The errors that a page would report as uncaught. */
  readonly reports: unknown[];
  /** The messages that this tab has posted. */
  readonly posted: unknown[];
  readonly wake: (signal: WakeSignal) => void;
  /** Ends the tab at once: its timers, locks and channels are gone, and it gets no more answers. */
  readonly kill: () => void;
  /** Counts what it still holds of the world, to check for leaks. */
  readonly held: () => { timers: number; channels: number; wakeListeners: number; locks: number };
  /** Freezes, throttles and kills it. */
  readonly process: TabProcess;
  /** Whether a storage has ever answered this tab. */
  readonly hasReachedStorage: () => boolean;
  readonly sessionArea: OwnArea;
}

/** The parts that all tabs share. */
export interface Browser {
  readonly time: SimulatedTime;
  readonly clocks: SimulatedClocks;
  readonly storage: SimulatedStorage;
  readonly locks: SimulatedLocks;
  readonly channels: SimulatedChannels;
  readonly network: SimulatedNetwork;
  readonly localArea: SharedArea;
}

/** How a tab is opened. */
export interface TabOptions {
  /** The tab that this one duplicates: its session area is copied. */
  readonly cloneOf?: Tab;
  /** False in an insecure context. */
  readonly hasLocks?: boolean;
  /** The seed of the random numbers of this tab. */
  readonly seed?: number;
}

export function createTab(browser: Browser, number: number, { cloneOf, hasLocks = true, seed = 0 }: TabOptions): Tab {
  const { time, clocks, storage, locks, channels, network, localArea } = browser;
  const name = `tab-${number}`;
  const wakes = new Set<(signal: WakeSignal) => void>();
  let reached = false;
  let ids = 0;

  const tabProcess = createTabProcess(time, name, () => {
    wakes.clear();
    channels.closeAll(tabProcess);
    locks.releaseAll(tabProcess);
  });
  const monotonic = clocks.startMonotonic();
  const sessionArea = cloneOf?.sessionArea.copy() ?? createOwnArea();
  const localView = localArea.openView();
  const tabLocks: TabLocks = {
    hold: async (lockName, maxWaitMs, task, signal) => {
      const release = await locks.take(tabProcess, lockName, maxWaitMs, signal);
      return task().finally(release);
    },
    isHeld: (lockName) => Promise.resolve(locks.isHeld(lockName)),
  };

  const platform: SimulatedPlatform = {
    now: () => instantOf(clocks, monotonic),
    setTimer: (code, delayMs) => tabProcess.setTimer(code, delayMs),
    random: createRandom(number * 7919 + seed),
    randomId: () => `${name}-${++ids}`,
    fetch: (input, init) => network.send(tabProcess, input, init),
    locks: hasLocks ? tabLocks : null,
    openChannel(channelName, onMessage) {
      const channel = channels.open(tabProcess, channelName, onMessage);
      return { ...channel, post: (message) => (tab.posted.push(message), channel.post(message)) };
    },
    isOnline: () => network.online,
    openArea: (area) => (area === 'local' ? localView : sessionArea),
    onWake(listener) {
      wakes.add(listener);
      return () => void wakes.delete(listener);
    },
    storage: storage.openFor(tabProcess, () => (reached = true)),
    readCookie: (cookie) => network.jar?.readCookie(cookie) ?? null,
    pageUrl: () => 'https://app.bonfire.test/',
    warn: (text) => void tab.warnings.push(text),
    report: (error) => void tab.reports.push(error),
  };

  const tab: Tab = {
    name,
    platform,
    warnings: [],
    reports: [],
    posted: [],
    wake: (signal) => tabProcess.run(() => [...wakes].forEach((listener) => listener(signal))),
    kill: tabProcess.die,
    held: () => ({ timers: tabProcess.timers(), channels: channels.countOf(tabProcess), wakeListeners: wakes.size, locks: locks.countOf(tabProcess) }),
    process: tabProcess,
    hasReachedStorage: () => reached,
    sessionArea,
  };
  return tab;
}

/** Creates a generator of numbers from [0, 1) (the minimal standard generator of Park and Miller). */
function createRandom(seed: number): () => number {
  let state = (Math.abs(seed) % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return (state - 1) / 2147483646;
  };
}
