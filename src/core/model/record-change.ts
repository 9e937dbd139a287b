import { isSameFailure, joinFailures } from './refresh-failure.ts';
import type { EndReason } from './refresh-outcome.ts';
import { accessGenerationOf, isPresumed, type Session, type SharedFailure, type SignedInRecord, type SignedOutRecord, type StorageRecord } from './storage-record.ts';
import type { Receipt } from './token-life.ts';
import { IN_COOKIE, refreshTextOf, type TokenSet } from './token-set.ts';

/**
 * Returns the next record, or the same object for "no change".
 *
 * @param current the newer of this tab's record and the stored one
 * @param stored the stored record; nothing if storage is empty or fails
 */
export type RecordChange = (current: StorageRecord, stored?: StorageRecord | null) => StorageRecord;

/** The token set that a refresh is for. Its result counts only while storage still holds this set. Every `Session` is a claim. */
export interface Claim {
  readonly sessionId: string;
  readonly generation: number;
  /** The attempt that refreshes; the final answer of any other attempt is dropped. Without it, any attempt counts. */
  readonly attemptId?: string | null;
}

/** The claim of one attempt. It has no tokens, so events may carry it. */
export interface Attempt extends Claim {
  /** Starts with the ids of earlier attempts in the same turn. */
  readonly attemptId: string;
}

/**
 * Starts a session, unless the user has signed out since `askedInEpoch`. Applying it twice changes nothing.
 *
 * @param at when the tokens arrived, epoch ms by the device's clock
 */
export function signInChange(session: Session, askedInEpoch: number, at: number): RecordChange {
  return (current) => {
    const known = current.session?.sessionId ?? current.endedSessionId;
    const signedOutSince = current.endReason === 'sign_out' && current.epoch > askedInEpoch;
    if (signedOutSince || known === session.sessionId) return current;
    return { ...nextEpoch(current, at), status: 'signedIn', session, failure: null, pendingAttemptId: null, maybeRotated: false };
  };
}

/**
 * Ends the current session, if there is one. Applying it twice for one session changes nothing.
 *
 * @param at when the user signed out, epoch ms by the device's clock
 * @param isInCookie whether the API has to remove a cookie
 * @param keptOf returns what a later request of this sign-out needs of the tokens
 */
export function signOutChange(endedSessionId: string | null, at: number, isInCookie = false, keptOf?: (tokens: TokenSet) => TokenSet['extra']): RecordChange {
  return (current, stored) => {
    const over = current.session?.sessionId ?? endedSessionId ?? current.endedSessionId ?? null;
    const isDone = current.endReason === 'sign_out' && endedSessionId !== null && current.endedSessionId === endedSessionId && current.epoch >= Math.floor(at);
    // This tab may have signed out before it has read the note of another tab's attempt.
    const { pendingAttemptId, pendingSince, session } = stored?.session ? stored : current;
    const clearing = isInCookie && { clearing: true as const, pendingAttemptId, pendingSince, endedExtra: session ? keptOf?.(session.tokens) : current.endedExtra };
    if (!isDone) return { ...nextEpoch(current, at), status: 'signedOut', endedSessionId: over, endReason: 'sign_out', ...clearing };
    return clearing && pendingAttemptId !== current.pendingAttemptId ? { ...current, ...clearing, revision: current.revision + 1 } : current;
  };
}

/** Notes that the API has removed the cookie, or that the answer of an attempt has arrived after the sign-out. */
export function clearedChange({ epoch }: SignedOutRecord, clearing?: true): RecordChange {
  return (current) =>
    current.status === 'signedOut' && current.clearing && current.epoch === epoch
      ? { ...current, clearing, endedExtra: clearing && current.endedExtra, pendingAttemptId: undefined, pendingSince: undefined, revision: current.revision + 1 }
      : current;
}

/**
 * Whether a page asks the API if the cookie has a session.
 *
 * @param hint whether a readable cookie says so; `null` if there is no such cookie. Then only an empty storage is a reason to ask
 */
export function mayPresume(record: StorageRecord, hint: boolean | null): boolean {
  return record.status === 'signedOut' && !record.clearing && (hint ?? record.epoch === 0);
}

/**
 * Starts a presumed session, if the page may ask.
 *
 * The epoch is one more, so that no tab brings an ended session back over it, and lower than that of any later sign-in.
 */
export function presumeChange(sessionId: string, hint: boolean | null): RecordChange {
  return (current) => {
    if (!mayPresume(current, hint)) return current;
    const tokens = { accessToken: '', refreshToken: IN_COOKIE, expiresAt: null, scopes: [] };
    const session = { sessionId, generation: 0, tokens, receipt: { receivedAt: 0, lifetimeMs: 0, clockOffset: 0 } };
    const { pendingAttemptId = null, pendingSince } = current; // A sign-in may be in flight.
    return { ...nextEpoch(current, 0), status: 'signedIn', session, failure: null, pendingAttemptId, pendingSince, maybeRotated: false };
  };
}

/**
 * Notes that the request of a sign-in is about to be sent, so that another tab waits for its answer if this tab is closed. Or removes
 * that note.
 *
 * @param seen the attempt that was noted before and may be over; if another one has been noted since, nothing changes
 * @param pendingSince epoch ms by the device's clock
 */
export function noteSignInChange(seen: string | null, attemptId: string | null, pendingSince?: number): RecordChange {
  return (current) => {
    const { pendingAttemptId: noted = null, revision } = current;
    return noted !== attemptId && (noted ?? seen) === seen ? { ...current, pendingAttemptId: attemptId, pendingSince, revision: revision + 1 } : current;
  };
}

/**
 * Notes that a refresh token is about to be sent, so that another tab finds the note if this tab is killed meanwhile.
 *
 * @param seen the record that the tab decided on; if another attempt has been noted or has failed since, nothing changes
 * @param pendingSince epoch ms by the device's clock, if the request survives the tab
 */
export function noteAttemptChange(seen: SignedInRecord, attemptId: string, pendingSince?: number): RecordChange {
  return whileClaimed(seen.session, (current) => {
    const { pendingAttemptId, maybeRotated, failure, session: { tokens } } = current;
    if (pendingAttemptId !== seen.pendingAttemptId || !isSameFailure(failure, seen.failure)) return current;
    if (refreshTextOf(tokens) !== refreshTextOf(seen.session.tokens)) return current; // The API has refused it meanwhile.
    return { ...current, pendingAttemptId: attemptId, pendingSince, maybeRotated: maybeRotated || !attemptId.startsWith(pendingAttemptId ?? '') };
  });
}

/**
 * Stores the tokens of a refresh. An attempt of another tab stays noted.
 *
 * @param failure the problem of the answer, if only its refresh token could be kept
 * @param subject the user, if the tokens name one
 */
export function commitChange({ sessionId, generation, attemptId = null }: Claim, tokens: TokenSet, receipt: Receipt, failure: SharedFailure | null = null, subject?: string): RecordChange {
  // The claim is without the attempt, because a tab that counted as dead may bring the only tokens that are left.
  return whileClaimed({ sessionId, generation }, (current) => ({
    ...current,
    session: {
      ...current.session, generation: generation + 1, tokens, receipt,
      accessGeneration: failure ? accessGenerationOf(current.session) : undefined,
      subject: subject ?? current.session.subject,
    },
    failure,
    pendingAttemptId: current.pendingAttemptId === attemptId ? null : current.pendingAttemptId,
    maybeRotated: false,
    endsAs: undefined,
  }));
}

/**
 * Starts the session of another user, whose tokens a refresh has brought. Calls of the former user then fail.
 *
 * @param at when the tokens arrived, epoch ms by the device's clock
 */
export function replaceChange({ sessionId, generation }: Claim, session: Session, at: number): RecordChange {
  return whileClaimed({ sessionId, generation }, (current) => ({ ...current, ...nextEpoch(current, at), session, failure: null, pendingAttemptId: null, maybeRotated: false, endsAs: undefined }));
}

/**
 * Notes a failed refresh for all tabs. If the note of its attempt is gone, the note and the failure of another tab stay, too.
 *
 * @param maybeRotated whether the API may have rotated the refresh token nevertheless
 * @param pendingAttemptId the attempt, if its answer may still arrive; `null` if it is over
 */
export function failChange({ attemptId, ...claim }: Claim, failure: SharedFailure, maybeRotated: boolean, pendingAttemptId: string | null = null): RecordChange {
  return whileClaimed(claim, (current) => {
    const isNoted = current.pendingAttemptId === attemptId;
    return {
      ...current,
      failure: isNoted ? failure : joinFailures(current.failure, failure, failure.failedAt),
      pendingAttemptId: isNoted ? pendingAttemptId : current.pendingAttemptId ?? pendingAttemptId,
      maybeRotated: current.maybeRotated || maybeRotated,
    };
  });
}

/** Drops a refresh token that the API refuses, so that no tab sends it again. The session ends with its access token. */
export function refuseChange(claim: Claim, reason: EndReason): RecordChange {
  return whileClaimed(claim, (current) => ({
    ...current,
    session: { ...current.session, tokens: { ...current.session.tokens, refreshToken: undefined, refreshExpiresAt: undefined } },
    failure: null,
    pendingAttemptId: null,
    endsAs: endReasonOf(current, reason),
  }));
}

/** Why a session ends. If a lost or unreadable answer is the likely cause of a refused refresh token, that is the reason. */
export function endReasonOf({ endsAs, maybeRotated, failure }: SignedInRecord, reason: EndReason): EndReason {
  if (endsAs || reason !== 'refresh_token_invalid' || !maybeRotated) return endsAs ?? reason;
  return failure?.isUnreadable ? 'answer_unreadable' : 'rotation_lost';
}

/** Ends a session, for the reason of {@link endReasonOf}. */
export function endChange(claim: Claim, reason: EndReason): RecordChange {
  // The epoch stays, because this end must not count more than a sign-in of another tab.
  return whileClaimed(claim, (current) => ({
    storageId: current.storageId,
    epoch: current.epoch,
    revision: current.revision,
    status: 'signedOut',
    endedSessionId: claim.sessionId,
    endReason: isPresumed(current.session) ? null : endReasonOf(current, reason),
  }));
}

/** The compare of compare-and-set: if the session was ended, replaced or refreshed meanwhile, the late result is dropped. */
function whileClaimed({ sessionId, generation, attemptId = null }: Claim, change: (current: SignedInRecord) => StorageRecord): RecordChange {
  return (current) => {
    const claimed = current.status === 'signedIn'
      && current.session.sessionId === sessionId
      && current.session.generation === generation
      && (attemptId === null || attemptId === current.pendingAttemptId);
    const next = claimed ? change(current) : current;
    return next === current ? current : { ...next, revision: current.revision + 1 };
  };
}

// Higher than the epoch of every act that was seen, so a wrong clock cannot put an act before one that its tab has seen.
// Two acts that did not see each other, because storage failed, are in the order of their times.
function nextEpoch({ storageId, epoch, revision }: StorageRecord, at: number) {
  const time = Math.floor(at);
  const next = { storageId, epoch: Math.max(epoch + 1, time), revision: revision + 1 };
  // If the counts cannot grow any more, they start again under another name, and all tabs follow as after a cleared storage.
  return Number.isSafeInteger(Math.max(next.epoch, next.revision)) ? next : { storageId: `${storageId}+`, epoch: time, revision: 1 };
}
