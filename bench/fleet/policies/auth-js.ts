import type { Policy } from './policy.ts';

const TICK_MS = 30_000;
const THRESHOLD_TICKS = 3;
const COOLDOWN_MS = 2 * TICK_MS;
/** Attempts in one series. The delay starts at 200 ms and doubles as long as the next attempt falls within a tick, which allows 7 if an answer takes a second. */
const SERIES = 7;
const FIRST_RETRY_MS = 200;

/**
 * The refresh policy of auth-js, which supabase-js uses.
 *
 * - `src/lib/constants.ts` has the tick, the threshold and the cooldown.
 * - `src/GoTrueClient.ts`, `_autoRefreshTokenTick`: refreshes if the `floor` of the ticks left is 3 or less, so up to 120 s ahead.
 * - `_refreshAccessToken`: a series of attempts without jitter.
 * - `_callRefreshToken`: a cooldown, and one request at a time in a tab.
 * - `_onVisibilityChanged`: the ticker runs only in visible tabs, and at once when a tab becomes visible.
 * - `Retry-After` is not read. A 5xx or a network error never ends the session.
 *
 * Simplified: each browser has one visible tab. A call with less than 90 s left is left to the tick, which comes first.
 */
export const authJs: Policy = {
  name: 'auth-js',
  source: '@supabase/auth-js 2.119.1: src/GoTrueClient.ts, src/lib/constants.ts',
  unit: 'browser',
  refreshesByCall: false,
  readsRetryAfter: false,
  burst: 1,
  patienceMs: TICK_MS,
  dueMs(remainingMs, _lifetime, { random }, awoke) {
    const threshold = remainingMs - (THRESHOLD_TICKS + 1) * TICK_MS;
    return threshold <= 0 && awoke ? 0 : Math.max(0, threshold) + random() * TICK_MS;
  },
  retryMs(attempt, _failure, { random }) {
    const position = (attempt - 1) % SERIES;
    return position < SERIES - 1 ? FIRST_RETRY_MS * 2 ** position : COOLDOWN_MS + random() * TICK_MS;
  },
};
