import { backoffMs, BACKOFF_CAP_MS, callerDelayMs, DEFAULT_LEAD_MS, dueInMs, LATEST_SPREAD, leadMs } from '../../../src/core/model/refresh-policy.ts';
import { nextCallMs, throttledMs, type Agent, type Policy } from './policy.ts';

/**
 * The refresh policy of this package, by its own functions. All tabs share one refresh. The tab that is due first makes it,
 * and the others adopt the tokens. A call in the second half of the lead also refreshes. All tabs share one backoff.
 *
 * Simplified: the visible tab is always open, so that a wait ends on time.
 */
export const unexpired: Policy = {
  name: 'unexpired',
  source: `src/core/model/refresh-policy.ts (lead at most ${DEFAULT_LEAD_MS / 1000} s, backoff at most ${BACKOFF_CAP_MS / 1000} s)`,
  unit: 'browser',
  refreshesByCall: false,
  readsRetryAfter: true,
  burst: 1,
  patienceMs: 10_000,
  dueMs,
  retryMs(attempt, { retryAfterMs }, agent) {
    const delayMs = backoffMs(attempt, agent.random(), retryAfterMs);
    // A call of the visible tab that finds an expired token starts the next attempt earlier.
    return retryAfterMs !== null ? delayMs : Math.min(delayMs, Math.max(callerDelayMs(agent.failingMs, delayMs), agent.leftMs + nextCallMs('tab', { ...agent, tab: 0 })));
  },
};

function dueMs(remainingMs: number, lifetimeMs: number, agent: Agent): number {
  const lead = leadMs(lifetimeMs, DEFAULT_LEAD_MS);
  let first = dueInMs(remainingMs, lead, LATEST_SPREAD)! + nextCallMs('browser', agent);
  for (let tab = 0; tab < agent.tabs; tab++) {
    first = Math.min(first, throttledMs(dueInMs(remainingMs, lead, agent.drawnBy(tab))!, tab, agent.random));
  }
  return first;
}
