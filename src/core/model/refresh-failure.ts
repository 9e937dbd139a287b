import { fullStorageHint } from '#words';
import { backoffMs, BACKOFF_CAP_MS, callerDelayMs, LATE_ANSWER_MS } from './refresh-policy.ts';
import { nameOf } from './foreign-error.ts';
import type { PlainRefusal, UnreadableAnswer } from './answer-class.ts';
import { transient, type MisconfiguredFailure, type TransientFailure } from './refresh-outcome.ts';
import type { SharedFailure } from './storage-record.ts';

/** A failure that does not end the session. */
export type LastingFailure = TransientFailure | MisconfiguredFailure | UnreadableAnswer | PlainRefusal | Unsent;

/** An attempt that has sent nothing. */
interface Unsent extends TransientFailure {
  readonly isUnsent: true;
}

/**
 * How often in a row the API may refuse a refresh in unknown words before the session ends. With the backoff that
 * takes about 9 minutes, so a short mistake of a gateway signs out no user.
 */
const MOST_REFUSALS = 20;

/** The failure count that unsent attempts reach at most. Calls wait longer than its backoff, so they are sent once storage works again. */
const MOST_UNSENT = 4;

/** The failure of a tab that must not send its refresh token, because storage fails and another tab may have used it. */
export function maybeSpent(): Unsent {
  return { ...transient('network', `Storage fails, and another tab may have refreshed.${fullStorageHint}`), isUnsent: true };
}

/** The failure of an attempt that broke off, for example because a protocol's function threw. The backoff keeps it from looping. */
export function unexpected(error: unknown): TransientFailure {
  return transient('refused', `The refresh broke off (${nameOf(error)}).`);
}

/** Whether two notes are about the same failure. */
export function isSameFailure(a: SharedFailure | null, b: SharedFailure | null): boolean {
  return a?.failureCount === b?.failureCount && a?.failedAt === b?.failedAt;
}

/**
 * Joins the failures of two tabs that could not see each other's. Both count, so the longer wait stays.
 *
 * @param now epoch ms by the device's clock, which may have been set back since
 */
export function joinFailures(a: SharedFailure | null, b: SharedFailure | null, now: number): SharedFailure | null {
  if (!a || !b || isSameFailure(a, b)) return a ?? b;
  const leftMs = ({ failedAt, delayMs }: SharedFailure) => Math.max(0, Math.min(delayMs, failedAt + delayMs - now));
  return {
    ...((a.isUnreadable ?? false) || (!b.isUnreadable && leftMs(a) > leftMs(b)) ? a : b),
    failureCount: Math.max(a.failureCount, b.failureCount),
    failedAt: now,
    delayMs: Math.max(leftMs(a), leftMs(b)),
    callerDelayMs: undefined,
    mustWait: a.mustWait || b.mustWait,
  };
}

/**
 * Describes a failure for all tabs: how many there were in a row, and how long to wait.
 *
 * @param now epoch ms by the device's clock
 * @param random drawn from [0, 1)
 */
export function shareFailure(last: SharedFailure | null, failure: LastingFailure, now: number, random: number): SharedFailure {
  const { retryAfterMs = null, wrongEndpoint, isRefusal, isUnsent, isUnreadable, rotatedRefreshToken }: Partial<Omit<PlainRefusal & Unsent, 'kind'> & Omit<UnreadableAnswer, 'kind'>> = failure;
  const before = last?.failureCount ?? 0;
  const failingSince = last?.failingSince ?? now;
  const failureCount = isUnsent ? Math.max(before, Math.min(before + 1, MOST_UNSENT)) : before + 1;
  const mustWait = retryAfterMs !== null || isTimeout(failure);
  const delayMs = Math.max(backoffMs(isUnsent ? Math.min(failureCount, MOST_UNSENT) : failureCount, random, retryAfterMs), isTimeout(failure) ? LATE_ANSWER_MS : 0);
  const shared = {
    kind: failure.kind,
    failureCount,
    failedAt: now,
    delayMs,
    callerDelayMs: mustWait || isUnsent || isRefusal || failure.kind !== 'transient' ? undefined : callerDelayMs(now - failingSince, delayMs),
    failingSince,
    mustWait,
    detail: failure.detail,
    wrongEndpoint: wrongEndpoint ? true as const : undefined, // A protocol in JavaScript may return false.
    isUnreadable: isUnreadable ? true as const : undefined,
    refusals: isUnsent ? last?.refusals : isRefusal && (last?.refusals ?? 0) + 1,
  };
  // A later failure does not bring back the tokens of an answer that could not be read.
  const { kind, detail, isUnreadable: isStillUnreadable } = last ?? shared;
  return isStillUnreadable && !rotatedRefreshToken ? { ...shared, kind, detail, isUnreadable: true } : shared;
}

/** Describes the wait of a device without a network. It lasts until the device is online and does not count as a failure. */
export function shareOffline(last: SharedFailure, now: number): SharedFailure {
  if (last.isUnreadable) return last;
  return { ...last, kind: 'transient', failedAt: now, delayMs: BACKOFF_CAP_MS, callerDelayMs: undefined, mustWait: false, detail: 'The device is offline.', wrongEndpoint: undefined };
}

/** Whether the API may have rotated the refresh token despite the failure. Only its own refusal rules that out. */
export function leavesDoubt(failure: LastingFailure): boolean {
  if (failure.kind === 'misconfigured') return 'isUnreadable' in failure && failure.isUnreadable;
  return failure.cause !== 'rate_limited' && failure.cause !== 'refused';
}

/** Whether no answer arrived in time. It may still arrive. */
export function isTimeout(failure: { readonly kind: string; readonly cause?: string }): boolean {
  return failure.cause === 'timeout';
}

/** Whether the API has refused the refresh so often that waiting longer is useless. */
export function isHopeless({ refusals = 0 }: SharedFailure): boolean {
  return refusals >= MOST_REFUSALS;
}
