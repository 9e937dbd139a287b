import { SIGNED_OUT, throttledMs, type Policy } from './policy.ts';

const LEAD_MS = 120_000;
const SPREAD_MS = 40_000;
const CHECK_MS = 1000;
const TRIES = 5;
const NETWORK_RETRY_MS = 1000;

/**
 * The refresh policy of Axa's client without its service worker.
 *
 * - `src/oidc.ts`: refreshes 120 s ahead, less up to 40 s that are drawn when the client is created.
 * - `src/renewTokens.ts`: checks every second. It makes five attempts, at once after an error status and a second later after
 *   a network failure. Then the session is lost. It takes a lock unless the storage is `sessionStorage`, which is the default,
 *   so each tab has its own session.
 * - `src/parseTokens.ts`: a call waits up to 50 × 200 ms.
 * - `Retry-After` is not read.
 */
export const axa: Policy = {
  name: '@axa-fr/oidc-client',
  source: '@axa-fr/oidc-client 7.29.1: src/oidc.ts, src/renewTokens.ts, src/parseTokens.ts',
  unit: 'tab',
  refreshesByCall: false,
  readsRetryAfter: false,
  burst: 1,
  patienceMs: 10_000,
  dueMs(remainingMs, _lifetime, { tab, random, drawnBy }) {
    const lead = LEAD_MS - Math.floor(drawnBy(tab) * (SPREAD_MS / 1000)) * 1000;
    return throttledMs(Math.max(0, remainingMs - lead) + random() * CHECK_MS, tab, random);
  },
  retryMs: (attempt, { kind }) => (attempt >= TRIES ? SIGNED_OUT : kind === 'down' ? NETWORK_RETRY_MS : 0),
};
