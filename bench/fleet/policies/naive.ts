import { CALLS, nextCallMs, type Policy } from './policy.ts';

/** The first version that is written by hand: each rejected call of each tab refreshes and is sent again. It is assumed to stay signed in after any failure. */
export const naive: Policy = {
  name: 'naive',
  source: 'no package: an interceptor that refreshes after a 401',
  unit: 'tab',
  refreshesByCall: true,
  readsRetryAfter: false,
  burst: CALLS,
  patienceMs: 0,
  dueMs: (remainingMs, _lifetime, agent) => Math.max(0, remainingMs) + nextCallMs('tab', agent),
  retryMs: (_attempt, _failure, agent) => nextCallMs('tab', agent),
};
