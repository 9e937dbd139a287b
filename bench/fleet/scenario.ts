import { DAY, HOUR, MINUTE, SECOND } from './time.ts';
import type { EndpointPlan } from './token-endpoint.ts';

/** The lifetimes of access tokens, ms. */
export const LIFETIMES_MS = [300_000, 3_600_000, 86_400_000] as const;

export const SCENARIO_NAMES = ['day', 'deploy', 'outage', 'outage-retry-after'] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/** What happens to a fleet, in ticks since midnight. */
export interface Scenario {
  readonly name: ScenarioName;
  readonly from: number;
  readonly until: number;
  /** All browsers that are awake sign in within this many ticks from the start, the others when they wake up. `null` if all are already signed in. */
  readonly signInWithin: number | null;
  readonly endpoint: EndpointPlan;
}

/** The endpoint's capacity, as a multiple of the busiest moment of an ordinary day under the same policy. */
const HEADROOM = 2;
const RETRY_AFTER_MS = 30_000;

const DEPLOYED = 10 * HOUR;
const DOWN = 10.5 * HOUR;

/** @param ordinaryPeak the load that the endpoint is built for: requests a second in the busiest moment of an ordinary day */
export function scenarioOf(name: ScenarioName, lifetimeMs: number, ordinaryPeak: number): Scenario {
  const boundless: EndpointPlan = { capacity: Infinity, outage: null, retryAfterMs: null };
  if (name === 'day') return { name, from: 3 * HOUR, until: 27 * HOUR, signInWithin: null, endpoint: boundless };
  if (name === 'deploy') return { name, from: DEPLOYED, until: DEPLOYED + followed(lifetimeMs), signInWithin: MINUTE, endpoint: boundless };
  const capacity = HEADROOM * ordinaryPeak;
  const outage = { from: DOWN, until: DOWN + 10 * MINUTE, capacityAfter: capacity / 2 };
  const retryAfterMs = name === 'outage' ? null : RETRY_AFTER_MS;
  return { name, from: 10 * HOUR, until: 12.5 * HOUR, signInWithin: null, endpoint: { capacity, outage, retryAfterMs } };
}

/** How long a deploy is followed: a few lifetimes. */
function followed(lifetimeMs: number): number {
  const life = (lifetimeMs / 1000) * SECOND;
  return life < HOUR ? HOUR : life < DAY ? 5 * life : 2 * life + HOUR;
}
