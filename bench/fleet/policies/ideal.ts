import type { Policy } from './policy.ts';

/** The baseline: one refresh per browser at the last moment, by a perfect clock. No policy can cause less load. */
export const ideal: Policy = {
  name: 'ideal',
  source: 'no package: a baseline',
  unit: 'browser',
  refreshesByCall: false,
  readsRetryAfter: false,
  burst: 1,
  patienceMs: Infinity,
  dueMs: (remainingMs) => Math.max(0, remainingMs),
  retryMs: () => 1000,
};
