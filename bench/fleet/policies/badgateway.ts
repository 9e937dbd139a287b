import { nextCallMs, SIGNED_OUT, type Policy } from './policy.ts';

const LEAD_MS = 60_000;
const SHORTEST_SCHEDULED_MS = 120_000;

/**
 * The refresh policy of badgateway's client, from `src/fetch-wrapper.ts`.
 *
 * - `scheduleRefresh`: one timer, 60 s ahead, if 2 min or more are left.
 * - `getToken`: a call refreshes an expired token.
 * - `refreshToken`: one refresh at a time in a tab. After any failure, a network failure included, it calls the app's
 *   `getNewToken`, which is a sign-in.
 *
 * Simplified: after a sleep the long timer is late, and a call comes first.
 */
export const badgateway: Policy = {
  name: '@badgateway/oauth2-client',
  source: '@badgateway/oauth2-client 3.3.1: src/fetch-wrapper.ts',
  unit: 'tab',
  refreshesByCall: false,
  readsRetryAfter: false,
  burst: 1,
  patienceMs: Infinity,
  dueMs(remainingMs, _lifetime, agent, awoke) {
    if (!awoke && remainingMs >= SHORTEST_SCHEDULED_MS) return remainingMs - LEAD_MS;
    return Math.max(0, remainingMs) + nextCallMs('tab', agent);
  },
  retryMs: () => SIGNED_OUT,
};
