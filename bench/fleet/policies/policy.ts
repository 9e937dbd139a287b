import { drawGap, type Random } from '../random.ts';

/** One who refreshes: a browser with all its tabs, or one of them. */
export interface Agent {
  /** 0 for the tab that is seen, from 1 for those behind it. */
  tab: number;
  /** How many tabs the browser has. */
  tabs: number;
  /** What its tabs have drawn when they were opened: the same number from [0, 1) whenever it is asked for. */
  readonly drawnBy: (tab: number) => number;
  readonly random: Random;
}

/** When a policy asks for new tokens. */
export interface Policy {
  readonly name: string;
  /** Package, version and files that the numbers were read from. */
  readonly source: string;
  /** Who asks: one for all tabs of a browser, or each tab for itself. */
  readonly unit: 'browser' | 'tab';
  /** Asks by a call that needs the token: an attempt that fails is a call that failed. */
  readonly asksByCall: boolean;
  readonly readsRetryAfter: boolean;
  /** Requests that go out together. */
  readonly burst: number;
  /** How long a call waits for a token before it fails, ms. */
  readonly patienceMs: number;
  /** How long until it asks, ms, with that much life left. @param awoke whether the device has slept during this life */
  readonly dueMs: (remainingMs: number, lifetimeMs: number, agent: Agent, awoke: boolean) => number;
  /** How long until it asks again after its n-th failure in a row, ms; `SIGNED_OUT` when it never does. */
  readonly retryMs: (attempt: number, failure: Failure, agent: Agent) => number;
}

/** How an attempt failed. */
export interface Failure {
  readonly kind: 'down' | 'turned away';
  readonly retryAfterMs: number | null;
}

/** The user has to sign in again. */
export const SIGNED_OUT = Infinity;

/** Bursts of calls come at random: in the tab that is seen, and where others poll behind it. */
const SEEN_GAP_MS = 20_000;
const HIDDEN_GAP_MS = 120_000;

/** Calls of one burst. */
export const CALLS = 3;

/** The mean time between two bursts of calls, ms. */
export function meanCallGapMs(unit: Policy['unit'], { tab, tabs }: Pick<Agent, 'tab' | 'tabs'>): number {
  if (unit === 'tab') return tab === 0 ? SEEN_GAP_MS : HIDDEN_GAP_MS;
  return 1 / (1 / SEEN_GAP_MS + (tabs - 1) / HIDDEN_GAP_MS);
}

/** How long until the next burst of calls, ms. */
export function nextCallMs(unit: Policy['unit'], agent: Agent): number {
  return drawGap(agent.random, meanCallGapMs(unit, agent));
}

/** A chain of timers in a hidden tab of Chromium fires once a minute. */
export function throttledMs(dueMs: number, tab: number, random: Random): number {
  return tab === 0 ? dueMs : dueMs + random() * 60_000;
}
