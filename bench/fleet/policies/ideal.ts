import type { Policy } from './policy.ts';

/** One refresh a browser at the last moment, by a perfect clock: the least load there can be. Nobody has such a clock. */
export const ideal: Policy = {
  name: 'ideal',
  source: 'nobody’s: a yardstick',
  unit: 'browser',
  asksByCall: false,
  readsRetryAfter: false,
  burst: 1,
  patienceMs: Infinity,
  dueMs: (remainingMs) => Math.max(0, remainingMs),
  retryMs: () => 1000,
};
