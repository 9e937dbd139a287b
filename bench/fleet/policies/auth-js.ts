import type { Policy } from './policy.ts';

const TICK_MS = 30_000;
const THRESHOLD_TICKS = 3;
const COOLDOWN_MS = 2 * TICK_MS;
/** Tries of one series, 200 ms apart and then twice as long each time, as long as the next one comes within a tick: 7 where an answer takes a second. */
const SERIES = 7;
const FIRST_RETRY_MS = 200;

/**
 * `src/lib/constants.ts`: tick, threshold, cooldown. `src/GoTrueClient.ts`: `_autoRefreshTokenTick` (`floor` of the ticks
 * left is 3 or less, so up to 120 s ahead), `_refreshAccessToken` (series without jitter), `_callRefreshToken` (cooldown,
 * one request at a time in a tab), `_onVisibilityChanged` (the ticker runs in visible tabs alone, and at once when one
 * becomes visible). `Retry-After` is not read. A 5xx or a network error never ends the session.
 *
 * Simplified: one visible tab for each browser; a call at less than 90 s is left to the tick, which comes first.
 */
export const authJs: Policy = {
  name: 'auth-js',
  source: '@supabase/auth-js 2.119.1: src/GoTrueClient.ts, src/lib/constants.ts',
  unit: 'browser',
  asksByCall: false,
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
