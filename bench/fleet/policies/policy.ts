import { drawGap, type Random } from '../random.ts';

/** A browser with all its tabs, or one tab, that refreshes its own token. */
export interface Agent {
  /** 0 for the visible tab, 1 and more for hidden tabs. */
  tab: number;
  /** How many tabs the browser has. */
  tabs: number;
  /** How long its access token can still be used, ms; 0 if it has expired. */
  leftMs: number;
  /** How long its attempts have failed, ms. */
  failingMs: number;
  /** The random number from [0, 1) that a tab has drawn when it was opened. It is the same at each call. */
  readonly drawnBy: (tab: number) => number;
  readonly random: Random;
}

/** When a package requests new tokens. */
export interface Policy {
  readonly name: string;
  /** Package, version and files that the numbers were read from. */
  readonly source: string;
  /** Whether a browser refreshes once for all its tabs, or each tab for itself. */
  readonly unit: 'browser' | 'tab';
  /** Whether it refreshes only for a call that needs the token, so that a failed attempt is a failed call. */
  readonly refreshesByCall: boolean;
  readonly readsRetryAfter: boolean;
  /** How many requests go out together. */
  readonly burst: number;
  /** How long a call waits for a token before it fails, ms. */
  readonly patienceMs: number;
  /** How long until it refreshes with this much life left, ms. @param awoke whether the device has slept during this life */
  readonly dueMs: (remainingMs: number, lifetimeMs: number, agent: Agent, awoke: boolean) => number;
  /** How long until the next attempt after the n-th failure in a row, ms, or `SIGNED_OUT` if there is none. */
  readonly retryMs: (attempt: number, failure: Failure, agent: Agent) => number;
}

/** How an attempt failed. */
export interface Failure {
  readonly kind: 'down' | 'refused';
  readonly retryAfterMs: number | null;
}

/** The user has to sign in again. */
export const SIGNED_OUT = Infinity;

/** The mean times between random bursts of calls, in the visible tab and in hidden tabs that poll. */
const VISIBLE_GAP_MS = 20_000;
const HIDDEN_GAP_MS = 120_000;

/** How many calls a burst has. */
export const CALLS = 3;

/** The mean time between two bursts of calls, ms. */
export function meanCallGapMs(unit: Policy['unit'], { tab, tabs }: Pick<Agent, 'tab' | 'tabs'>): number {
  if (unit === 'tab') return tab === 0 ? VISIBLE_GAP_MS : HIDDEN_GAP_MS;
  return 1 / (1 / VISIBLE_GAP_MS + (tabs - 1) / HIDDEN_GAP_MS);
}

/** How long until the next burst of calls, ms. */
export function nextCallMs(unit: Policy['unit'], agent: Agent): number {
  return drawGap(agent.random, meanCallGapMs(unit, agent));
}

/** Delays a timer as Chromium does in a hidden tab, where chained timers fire once a minute. */
export function throttledMs(dueMs: number, tab: number, random: Random): number {
  return tab === 0 ? dueMs : dueMs + random() * 60_000;
}
