import { backoffMs, BACKOFF_CAP_MS, LATE_ANSWER_MS } from './refresh-policy.ts';
import { nameOf } from './redact.ts';
import { transient, type MisconfiguredFailure, type TransientFailure } from './refresh-outcome.ts';
import type { SharedFailure } from './storage-record.ts';

/** A failure that leaves the session as it is. */
export type LastingFailure = TransientFailure | MisconfiguredFailure;

/** Another tab has renewed the session, and storage does not pass the new tokens on: what its answer was cannot be known here. */
export function spentElsewhere(): TransientFailure {
  return transient('network', 'Storage does not pass on the new tokens of another tab; free some space, and close that tab last.');
}

/** Such as a protocol that throws while it is asked: the session is not to blame, and the backoff keeps it from looping. */
export function unexpected(error: unknown): TransientFailure {
  return transient('refused', `The refresh broke off (${nameOf(error)}).`);
}

/** Whether two notes are about one and the same failure. */
export function isSameFailure(a: SharedFailure | null, b: SharedFailure | null): boolean {
  return a?.attempt === b?.attempt && a?.failedAt === b?.failedAt;
}

/** What all tabs shall know of a failure: how often in a row, and how long to wait. */
export function shareFailure(last: SharedFailure | null, failure: LastingFailure, now: number, random: number): SharedFailure {
  const attempt = (last?.attempt ?? 0) + 1;
  const retryAfterMs = failure.kind === 'transient' ? failure.retryAfterMs : null;
  return {
    kind: failure.kind,
    attempt,
    failedAt: now,
    delayMs: Math.max(backoffMs(attempt, random, retryAfterMs), isTimeout(failure) ? LATE_ANSWER_MS : 0),
    mustWait: retryAfterMs !== null || isTimeout(failure),
    detail: failure.detail,
  };
}

/** The wait of a device without a network: until it is online, and no attempt is used up by it. */
export function shareOffline(last: SharedFailure, now: number): SharedFailure {
  return { ...last, kind: 'transient', failedAt: now, delayMs: BACKOFF_CAP_MS, mustWait: false, detail: 'The device is offline.' };
}

/** Whether the API may have rotated the refresh token all the same: only its own refusal tells that it has not. */
export function leavesDoubt(failure: LastingFailure): boolean {
  return failure.kind === 'transient' && failure.cause !== 'rate_limited' && failure.cause !== 'refused';
}

/** Whether no answer came in time: it may come yet. */
export function isTimeout(failure: { readonly kind: string; readonly cause?: string }): boolean {
  return failure.cause === 'timeout';
}
