/** The longest delay that timers keep; a longer one fires at once. */
export const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * The share of a lifetime, and the most time, that a refresh comes ahead of expiry: half of it is the window over which
 * the browsers that signed in together come apart.
 */
const LEAD_SHARE = 1 / 4;
export const DEFAULT_LEAD_MS = 10 * 60_000;

/** The spread of calls: they refresh where no timer has done so, and do not draw browsers together at the start of the lead. */
export const LATEST_SPREAD = 1;

const BACKOFF_BASE_MS = 1000;
export const BACKOFF_CAP_MS = 60_000;
const BACKOFF_FLOOR_MS = 100;
/**
 * How long to wait for a late answer before asking again, ms: a one-time refresh token that was sent may be spent,
 * and asking twice costs the session, while an answer on a slow line only comes late.
 */
export const LATE_ANSWER_MS = 25_000;

const LONGEST_RETRY_AFTER_MS = 3_600_000;

/** Timers are re-armed at least this often: sleep and throttling make one long timer late. */
const STEP_MS = 30_000;

/**
 * How long before expiry a refresh is due, ms.
 *
 * @param lifetimeMs life of the token at receipt, ms; `null` when unknown
 * @param longestLeadMs the configured cap, ms
 */
export function leadMs(lifetimeMs: number | null, longestLeadMs: number): number {
  return lifetimeMs === null ? 0 : Math.min(longestLeadMs, Math.max(0, lifetimeMs) * LEAD_SHARE);
}

/**
 * How long until this tab should refresh ahead of expiry, ms; `null` when it never should.
 *
 * @param remaining life left, ms; `Infinity` when there is no known expiry
 * @param lead see {@link leadMs}
 * @param spread this tab's own share of [0, 1), drawn once, or {@link LATEST_SPREAD}: tabs come one after the other and all but the first adopt
 */
export function dueInMs(remaining: number, lead: number, spread: number): number | null {
  if (remaining === Infinity) return null;
  return clampDelay(remaining - lead + (spread * lead) / 2);
}

/**
 * How long to wait after a failed refresh, ms: exponential with full jitter, and at least what `Retry-After` asks (an hour at most).
 *
 * @param attempt 1 after the first failure in a row
 * @param random drawn from [0, 1)
 * @param retryAfterMs what the API asked for, ms, or `null`
 * @see RFC 9110 section 10.2.3
 */
export function backoffMs(attempt: number, random: number, retryAfterMs: number | null): number {
  const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (attempt - 1));
  const own = Math.max(BACKOFF_FLOOR_MS, ceiling * random);
  const asked = Math.min(LONGEST_RETRY_AFTER_MS, retryAfterMs ?? 0);
  return Math.ceil(Math.max(own, asked * (1 + random / 10)));
}

/**
 * Reads a `Retry-After` header: seconds, or an HTTP date.
 *
 * @param value the header, or `null`
 * @param serverNow the API's clock, epoch ms
 * @returns the wait in ms, or `null` when there is none that can be read
 * @see RFC 9110 section 10.2.3
 */
export function parseRetryAfter(value: string | null, serverNow: number): number | null {
  if (/^\d+$/.test(value ?? '')) return clampDelay(Number(value) * 1000);
  const date = parseHttpDate(value);
  return date === null ? null : clampDelay(date - serverNow);
}

/**
 * Reads the preferred form of an HTTP date, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
 *
 * @returns epoch ms, or `null`
 * @see RFC 9110 section 5.6.7
 */
export function parseHttpDate(text: string | null): number | null {
  const epochMs = Date.parse(text ?? '');
  // Engines read far more than that form: only a date that is written in it comes back as it was.
  return Number.isNaN(epochMs) || new Date(epochMs).toUTCString() !== text ? null : epochMs;
}

/** The next timer for a delay, ms: the delay itself, or one short step of it. */
export function stepMs(delay: number): number {
  return Math.min(delay, STEP_MS);
}

/** A delay that a timer can keep, ms: whole, because a rest of less would come due again and again. */
export function clampDelay(ms: number): number {
  return Math.min(MAX_DELAY_MS, Math.max(0, Math.ceil(ms)));
}
