import { nextCallMs, type Policy } from './policy.ts';

const LEEWAY_MS = 60_000;
const NETWORK_TRIES = 3;

/**
 * `src/Auth0Client.ts`: `_getEntryFromCache` (a token with less than 60 s left counts as none), `_getTokenSilently` (by
 * calls alone, one at a time over all tabs, but with a cache in memory for each tab, which is the default); a failure
 * rejects the call and keeps the user. `src/http.ts`, `src/constants.ts`: a network failure is tried 3 times at once, a
 * status is not tried again, and `Retry-After` is not read. With `useRefreshTokens: true`.
 *
 * Simplified: the lock of all tabs is not waited for.
 */
export const auth0SpaJs: Policy = {
  name: 'auth0-spa-js',
  source: '@auth0/auth0-spa-js 2.27.0: src/Auth0Client.ts, src/http.ts, src/constants.ts',
  unit: 'tab',
  asksByCall: true,
  readsRetryAfter: false,
  burst: 1,
  patienceMs: 0,
  dueMs: (remainingMs, _lifetime, agent) => Math.max(0, remainingMs - LEEWAY_MS) + nextCallMs('tab', agent),
  retryMs: (attempt, { kind }, agent) => (kind === 'down' && attempt % NETWORK_TRIES !== 0 ? 0 : nextCallMs('tab', agent)),
};
