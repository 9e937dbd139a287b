import { SECOND } from './time.ts';

/** How the endpoint answers a request. */
export type Answer = 'granted' | 'down' | 'refused';

/** The endpoint's capacity and outage. */
export interface EndpointPlan {
  /** Refreshes that it grants a second. `Infinity` if only the demand is measured. */
  readonly capacity: number;
  /** From when until when it is down, and its capacity afterwards. */
  readonly outage: { readonly from: number; readonly until: number; readonly capacityAfter: number } | null;
  /** The `Retry-After` of its refusals, ms, or `null`. */
  readonly retryAfterMs: number | null;
}

/** The cost of a refusal as a share of a grant. */
const REFUSAL_COST = 0.02;

/** The token endpoint. It grants up to its capacity in each second, and answers 503 to the rest. */
export interface TokenEndpoint {
  readonly openTick: (tick: number) => void;
  readonly answer: () => Answer;
}

/** Creates an idle endpoint. */
export function createTokenEndpoint({ capacity, outage }: EndpointPlan): TokenEndpoint {
  let isDown = false;
  let budget = 0;
  return {
    openTick(tick) {
      isDown = outage !== null && tick >= outage.from && tick < outage.until;
      const perTick = (outage !== null && tick >= outage.until ? outage.capacityAfter : capacity) / SECOND;
      // Unused capacity is kept for at most a second, and so is the debt from refusals.
      budget = Math.min(Math.max(budget, -perTick * SECOND) + perTick, Math.max(1, perTick * SECOND));
    },
    answer() {
      if (isDown) return 'down';
      if (budget >= 1) {
        budget -= 1;
        return 'granted';
      }
      budget -= REFUSAL_COST;
      return 'refused';
    },
  };
}
