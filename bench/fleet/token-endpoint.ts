import { SECOND } from './time.ts';

/** What a request meets. */
export type Answer = 'granted' | 'down' | 'turned away';

/** What the endpoint can do, and when it cannot. */
export interface EndpointPlan {
  /** Refreshes it grants a second; `Infinity` where only the demand is looked at. */
  readonly capacity: number;
  /** Down from one tick until another, and what it can do afterwards. */
  readonly outage: { readonly from: number; readonly until: number; readonly capacityAfter: number } | null;
  /** What it says to those that it turns away, ms, or `null`. */
  readonly retryAfterMs: number | null;
}

/** Turning one away costs this share of a grant. */
const REFUSAL_COST = 0.02;

/** The token endpoint: grants what it can, second by second, and answers 503 to the rest. */
export interface TokenEndpoint {
  readonly openTick: (tick: number) => void;
  readonly answer: () => Answer;
}

/** Creates an endpoint that is idle. */
export function createTokenEndpoint({ capacity, outage }: EndpointPlan): TokenEndpoint {
  let isDown = false;
  let budget = 0;
  return {
    openTick(tick) {
      isDown = outage !== null && tick >= outage.from && tick < outage.until;
      const perTick = (outage !== null && tick >= outage.until ? outage.capacityAfter : capacity) / SECOND;
      // What was not used is kept for a second at most, and what was used up by refusals is owed no longer.
      budget = Math.min(Math.max(budget, -perTick * SECOND) + perTick, Math.max(1, perTick * SECOND));
    },
    answer() {
      if (isDown) return 'down';
      if (budget >= 1) {
        budget -= 1;
        return 'granted';
      }
      budget -= REFUSAL_COST;
      return 'turned away';
    },
  };
}
