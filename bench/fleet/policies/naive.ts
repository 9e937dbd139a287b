import { CALLS, nextCallMs, type Policy } from './policy.ts';

/** What is written first: each rejected call of each tab refreshes and is sent again. Taken to stay signed in, whatever comes. */
export const naive: Policy = {
  name: 'naive',
  source: 'nobody’s: an interceptor that refreshes after a 401',
  unit: 'tab',
  asksByCall: true,
  readsRetryAfter: false,
  burst: CALLS,
  patienceMs: 0,
  dueMs: (remainingMs, _lifetime, agent) => Math.max(0, remainingMs) + nextCallMs('tab', agent),
  retryMs: (_attempt, _failure, agent) => nextCallMs('tab', agent),
};
