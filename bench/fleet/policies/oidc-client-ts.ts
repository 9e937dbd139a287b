import { SIGNED_OUT, throttledMs, type Policy } from './policy.ts';

const LEAD_MS = 60_000;
const CHECK_MS = 5000;

/**
 * The refresh policy of oidc-client-ts.
 *
 * - `src/UserManagerSettings.ts`: refreshes 60 s ahead. Users are in `sessionStorage`, so each tab has its own session.
 * - `src/utils/Timer.ts`: checks every 5 s.
 * - `src/AccessTokenEvents.ts`: refreshes at once (1 s) if less is left.
 * - `src/SilentRenewService.ts`: makes one attempt, and another one (after 5 s) only after a timeout. Any other failure is
 *   reported to the app, and the user has to sign in when the token has expired.
 *
 * Simplified: the user is lost with the failed attempt, not up to 60 s later. An endpoint that is down answers with an error at once.
 */
export const oidcClientTs: Policy = {
  name: 'oidc-client-ts',
  source: 'oidc-client-ts 3.5.0: src/SilentRenewService.ts, src/AccessTokenEvents.ts, src/UserManagerSettings.ts, src/utils/Timer.ts (in its source map)',
  unit: 'tab',
  refreshesByCall: false,
  readsRetryAfter: false,
  burst: 1,
  patienceMs: 0,
  dueMs: (remainingMs, _lifetime, { tab, random }) => throttledMs(Math.max(1000, remainingMs - LEAD_MS) + random() * CHECK_MS, tab, random),
  retryMs: () => SIGNED_OUT,
};
