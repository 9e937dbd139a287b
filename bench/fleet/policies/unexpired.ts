import { backoffMs, BACKOFF_CAP_MS, DEFAULT_LEAD_MS, dueInMs, LATEST_SPREAD, leadMs } from '../../../src/core/model/refresh-policy.ts';
import { nextCallMs, throttledMs, type Agent, type Policy } from './policy.ts';

/**
 * This package, by its own functions: one refresh for all tabs, which the tab that is due first makes and the others
 * adopt; a call in the second half of the lead refreshes as well; one backoff for all tabs.
 *
 * Simplified: the tab that is seen is always there, so that a wait ends on time.
 */
export const unexpired: Policy = {
  name: 'unexpired',
  source: `src/core/model/refresh-policy.ts (lead at most ${DEFAULT_LEAD_MS / 1000} s, backoff at most ${BACKOFF_CAP_MS / 1000} s)`,
  unit: 'browser',
  asksByCall: false,
  readsRetryAfter: true,
  burst: 1,
  patienceMs: 10_000,
  dueMs,
  retryMs: (attempt, { retryAfterMs }, { random }) => backoffMs(attempt, random(), retryAfterMs),
};

function dueMs(remainingMs: number, lifetimeMs: number, agent: Agent): number {
  const lead = leadMs(lifetimeMs, DEFAULT_LEAD_MS);
  let first = dueInMs(remainingMs, lead, LATEST_SPREAD)! + nextCallMs('browser', agent);
  for (let tab = 0; tab < agent.tabs; tab++) {
    first = Math.min(first, throttledMs(dueInMs(remainingMs, lead, agent.drawnBy(tab))!, tab, agent.random));
  }
  return first;
}
