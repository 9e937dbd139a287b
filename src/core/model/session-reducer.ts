import type { Instant } from './instant.ts';
import { isSameFailure } from './refresh-failure.ts';
import { hasAccessToken, isOutOfReach, withOwnToken } from './own-token.ts';
import { isAhead, laterRecord } from './record-order.ts';
import type { EndReason } from './refresh-outcome.ts';
import type { RefreshState, SessionEvent, SessionState, SignedInState } from './session-state.ts';
import { accessGenerationOf, EMPTY_RECORD, isPresumed, type ForeignRecord, type SharedFailure, type SignedInRecord, type SignedOutRecord, type StorageRecord } from './storage-record.ts';
import { anchorOf, lifeOf } from './token-life.ts';

const IDLE: RefreshState = { state: 'idle' };
const RUNNING: RefreshState = { state: 'running' };
const CUT_OFF: RefreshState = { state: 'blocked', failure: null };

/** Computes the next state of a tab. This is the only place where it changes; an event without effect returns the same object. */
export function reduceSession(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case 'recordRead':
      return readRecord(state, event.record, event.at);
    case 'recordDamaged':
      return state.status === 'loading'
        ? { status: 'signedOut', record: { ...EMPTY_RECORD, endReason: 'storage_corrupt' } }
        : state;
    case 'foreignRecordRead':
      return readForeignRecord(state, event.found);
    case 'refreshStarted':
      // A tab that is blocked shows no user. It does so while it repeats the restore, too.
      return isSession(state, event.sessionId) && !isCutOff(state) ? { ...state, refresh: RUNNING, shown: state.refresh.state === 'blocked' ? state.shown ?? EMPTY_RECORD : state.shown } : state;
    case 'refreshAbandoned':
      return isSession(state, event.sessionId) && state.refresh.state === 'running' ? { ...state, refresh: IDLE } : state;
    case 'appRefused':
      return isSession(state, event.of.sessionId) && state.record.session.generation === event.of.generation
        ? { ...state, refresh: { state: 'blocked', failure: event.failure } }
        : state;
    case 'refreshRequested':
      return requestRefresh(state, event.at);
    case 'wentOnline':
      return state.status === 'signedIn' && state.refresh.state === 'waiting' && !state.refresh.failure.mustWait ? { ...state, refresh: IDLE } : state;
    case 'lifeEnded':
      return state.status === 'signedIn' ? { ...state, life: { ...state.life, leftMs: 0 } } : state;
  }
}

function readRecord(state: SessionState, record: StorageRecord | null, at: Instant): SessionState {
  if (record === null) {
    // An emptied storage ends no session: memory keeps it, and the next write stores it again.
    return isUnknown(state) ? { status: 'signedOut', record: EMPTY_RECORD } : state;
  }
  if (state.status !== 'loading' && (record === state.record || laterRecord(state.record, record, at.wall) !== record)) return state;
  if (record.status === 'signedOut') return { status: 'signedOut', record };
  const own = state.status === 'loading' ? record : withOwnToken(record, state.record);
  return isOutOfReach(own.session) ? signedOutHere(state, own.endsAs ?? null) : signedIn(state, own, at);
}

/** The session goes on only in the tabs that have an access token of it. */
function signedOutHere(state: SessionState, endReason: EndReason | null): SessionState {
  if (state.status === 'signedOut' && state.record.epoch === 0 && state.record.endReason === endReason) return state;
  return { status: 'signedOut', record: { ...EMPTY_RECORD, endReason } };
}

/** A record that this tab cannot read ends the tab's session if it belongs to another session. Otherwise the tab keeps its access token. */
function readForeignRecord(state: SessionState, { place, endReason }: ForeignRecord): SessionState {
  if (isUnknown(state) || (state.status === 'signedIn' && isAhead(place, state.record))) {
    return { status: 'signedOut', record: { ...EMPTY_RECORD, endReason } };
  }
  if (state.status !== 'signedIn' || isCutOff(state)) return state;
  return { ...state, record: { ...state.record, storageId: state.record.storageId || (place?.storageId ?? '') }, refresh: CUT_OFF };
}

/**
 * Whether it is not known yet if a user is signed in: storage has not been read, or the session in it is presumed.
 *
 * A tab that is blocked does not ask by itself, so it shows no user. A tab that has shown no user does so until the API has answered.
 */
export function isUnknown(state: SessionState): boolean {
  return state.status === 'loading' || (state.status === 'signedIn' && isPresumed(state.record.session) && !state.shown && state.refresh.state !== 'blocked');
}

/** Whether a tab is signed in and must not refresh, because it cannot read the stored record. */
export function isCutOff(state: SessionState): boolean {
  return state.status === 'signedIn' && state.refresh.state === 'blocked' && state.refresh.failure === null;
}

function signedIn(state: SessionState, record: SignedInRecord, at: Instant): SignedInState {
  const { sessionId, generation, receipt } = record.session;
  if (!isSession(state, sessionId) || state.record.session.generation !== generation) {
    const isOldToken = isSession(state, sessionId) && accessGenerationOf(state.record.session) === accessGenerationOf(record.session);
    // If each tab has its own token, the refresh of another one does not end the refresh of this one.
    const isOwnDue = (isOldToken || !hasAccessToken(record.session)) && isSession(state, sessionId) && state.refresh.state === 'running' && record.failure === null;
    const life = isOldToken ? state.life : lifeOf(receipt, at);
    return { status: 'signedIn', record, life, refresh: isOwnDue ? state.refresh : refreshAfter(record.failure, state, at), shown: isPresumed(record.session) ? shownIn(state) : undefined };
  }
  // Another tab's attempt, and activity, do not change this tab's refresh state.
  const isAttempt = (record.pendingAttemptId !== null || record.session.activeAt !== state.record.session.activeAt) && isSameFailure(record.failure, state.record.failure);
  return { ...state, record, refresh: isAttempt ? state.refresh : refreshAfter(record.failure, state, at) };
}

function shownIn(state: SessionState): SignedOutRecord | undefined {
  return state.status === 'signedOut' ? state.record : state.status === 'signedIn' ? state.shown : undefined;
}

function refreshAfter(failure: SharedFailure | null, state: SessionState, at: Instant): RefreshState {
  if (failure === null) return IDLE;
  if (failure.isUnreadable) return { state: 'blocked', failure };
  // The API still refuses the app of this tab, even if another tab's refresh has failed for another reason since.
  if (state.status === 'signedIn' && state.refresh.state === 'blocked' && state.refresh.failure) return state.refresh;
  // A page that has just loaded may have the right App Key, so it tries once.
  if (failure.kind === 'misconfigured' && state.status === 'loading') return IDLE;
  return waitFor(failure, at);
}

/** If a refresh has failed since this tab was blocked, or the API has asked for a wait, the app's attempt comes after that wait. */
function requestRefresh(state: SessionState, at: Instant): SessionState {
  if (state.status !== 'signedIn' || state.refresh.state !== 'blocked' || isCutOff(state)) return state;
  const { failure } = state.record;
  return failure && (failure.mustWait || failure.kind === 'transient') ? { ...state, refresh: waitFor(failure, at) } : state;
}

function waitFor(failure: SharedFailure, at: Instant): RefreshState {
  return { state: 'waiting', failure, wait: anchorOf(failure.failedAt, failure.delayMs, at) };
}

function isSession(state: SessionState, sessionId: string): state is SignedInState {
  return state.status === 'signedIn' && state.record.session.sessionId === sessionId;
}
