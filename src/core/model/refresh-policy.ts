/** The longest delay of a timer. A longer one fires at once. */
export const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * The lead: the share of a lifetime, and the longest time, by which a refresh comes before expiry. Half of the lead is
 * the window over which the refreshes of many browsers spread.
 */
const LEAD_SHARE = 1 / 4;
export const DEFAULT_LEAD_MS = 10 * 60_000;

/** The spread of calls. They refresh only if no timer has done so, and late enough not to gather browsers at the start of the lead. */
export const LATEST_SPREAD = 1;

const BACKOFF_BASE_MS = 1000;
export const BACKOFF_CAP_MS = 67_000;
const BACKOFF_FLOOR_MS = 100;
/**
 * How long a tab waits for a late answer before it asks again, ms. The refresh token that was sent may be spent, so a
 * second request could end the session. The first answer may only be late.
 */
export const LATE_ANSWER_MS = 25_000;

const LONGEST_RETRY_AFTER_MS = 3_600_000;

/** Timers are re-armed at least this often, because sleep and throttling delay one long timer. */
const STEP_MS = 30_000;

/**
 * Returns how long before expiry a refresh is due, ms.
 *
 * @param lifetimeMs life of the token at receipt, ms; `null` if unknown
 * @param longestLeadMs the configured cap, ms
 */
export function leadMs(lifetimeMs: number | null, longestLeadMs: number): number {
  return lifetimeMs === null ? 0 : Math.min(longestLeadMs, Math.max(0, lifetimeMs) * LEAD_SHARE);
}

/**
 * Returns how long until this tab refreshes before expiry, ms; `null` if it never does.
 *
 * @param remaining life left, ms; `Infinity` if the expiry is not known
 * @param lead see {@link leadMs}
 * @param spread this tab's share of [0, 1), drawn once, or {@link LATEST_SPREAD}. It makes tabs refresh one after the other, so that all but the first adopt the new tokens
 */
export function dueInMs(remaining: number, lead: number, spread: number): number | null {
  if (remaining === Infinity) return null;
  return clampDelay(remaining - lead + (spread * lead) / 2);
}

/**
 * Returns how long to wait after a failed refresh, ms: exponential with full jitter, and at least `Retry-After` (an hour at most).
 *
 * @param failureCount failures in a row, from 1
 * @param random drawn from [0, 1)
 * @param retryAfterMs the wait that the API asked for, ms, or `null`
 * @see RFC 9110 section 10.2.3
 */
export function backoffMs(failureCount: number, random: number, retryAfterMs: number | null): number {
  const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (failureCount - 1));
  const own = Math.max(BACKOFF_FLOOR_MS, ceiling * random);
  const asked = Math.min(LONGEST_RETRY_AFTER_MS, retryAfterMs ?? 0);
  return Math.ceil(Math.max(own, asked * (1 + random / 10)));
}

/** The wait of a call, ms: at least this, and less than this much longer. So a browser sends at most 20 requests a minute. */
const CALLER_DELAY_MS = 3600;
const CALLER_SPREAD_MS = 2000;

/** After this time, calls wait as timers do, because many browsers wait for the same endpoint, ms. */
const HURRY_MS = 60_000;

/**
 * Returns how long a call waits after a failed refresh until it may start the next one, ms. A user may be waiting for it, unlike for a timer.
 *
 * @param failingMs how long refreshes have failed, ms
 * @param delayMs the wait of the timers, ms, which was drawn at random
 */
export function callerDelayMs(failingMs: number, delayMs: number): number {
  return failingMs > HURRY_MS ? delayMs : Math.min(delayMs, CALLER_DELAY_MS + (delayMs % CALLER_SPREAD_MS));
}

/**
 * Reads a `Retry-After` header: seconds, or an HTTP date.
 *
 * @param value the header, or `null`
 * @param serverNow the API's clock, epoch ms
 * @returns the wait in ms, or `null` if there is none or it cannot be read
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
  // Engines parse many other forms. Only the preferred form survives the round trip.
  return Number.isNaN(epochMs) || new Date(epochMs).toUTCString() !== text ? null : epochMs;
}

/** Returns the next timer for a delay, ms: the delay, or one short step of it. */
export function stepMs(delay: number): number {
  return Math.min(delay, STEP_MS);
}

/** Returns a delay that a timer can keep, ms. It is a whole number, because a timer of less than 1 ms would fire again and again. */
export function clampDelay(ms: number): number {
  return Math.min(MAX_DELAY_MS, Math.max(0, Math.ceil(ms)));
}
