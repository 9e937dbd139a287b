import { nextCallMs, type Policy } from './policy.ts';

const LEEWAY_MS = 60_000;
const NETWORK_TRIES = 3;

/**
 * The refresh policy of auth0-spa-js with `useRefreshTokens: true`.
 *
 * - `src/Auth0Client.ts`, `_getEntryFromCache`: a token with less than 60 s left counts as expired.
 * - `_getTokenSilently`: refreshes only for calls, and one at a time over all tabs. By default each tab has its own cache in
 *   memory. A failure rejects the call and keeps the user.
 * - `src/http.ts`, `src/constants.ts`: after a network failure it makes 3 attempts without a pause. After an error status it
 *   makes none. `Retry-After` is not read.
 *
 * Simplified: a tab does not wait for the lock of all tabs.
 */
export const auth0SpaJs: Policy = {
  name: 'auth0-spa-js',
  source: '@auth0/auth0-spa-js 2.27.0: src/Auth0Client.ts, src/http.ts, src/constants.ts',
  unit: 'tab',
  refreshesByCall: true,
  readsRetryAfter: false,
  burst: 1,
  patienceMs: 0,
  dueMs: (remainingMs, _lifetime, agent) => Math.max(0, remainingMs - LEEWAY_MS) + nextCallMs('tab', agent),
  retryMs: (attempt, { kind }, agent) => (kind === 'down' && attempt % NETWORK_TRIES !== 0 ? 0 : nextCallMs('tab', agent)),
};
