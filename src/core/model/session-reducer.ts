import type { Instant } from './instant.ts';
import { isSameFailure } from './refresh-failure.ts';
import { laterRecord } from './record-order.ts';
import type { RefreshState, SessionEvent, SessionState, SignedInState } from './session-state.ts';
import { EMPTY_RECORD, type SharedFailure, type SignedInRecord, type StorageRecord } from './storage-record.ts';
import { anchorOf, lifeOf } from './token-life.ts';

const IDLE: RefreshState = { state: 'idle' };
const RUNNING: RefreshState = { state: 'running' };

/** Computes the next state of a tab. This is the only place where it changes; an event without effect returns the same object. */
export function reduceSession(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case 'recordRead':
      return readRecord(state, event.record, event.at);
    case 'recordDamaged':
      return state.status === 'loading'
        ? { status: 'signedOut', record: { ...EMPTY_RECORD, endReason: 'storage_corrupt' } }
        : state;
    case 'refreshStarted':
      return isSession(state, event.sessionId) ? { ...state, refresh: RUNNING } : state;
    case 'refreshAbandoned':
      return isSession(state, event.sessionId) && state.refresh.state === 'running' ? { ...state, refresh: IDLE } : state;
    case 'appRefused':
      return isSession(state, event.of.sessionId) && state.record.session.generation === event.of.generation
        ? { ...state, refresh: { state: 'blocked', failure: event.failure } }
        : state;
    case 'wentOnline':
      return state.status === 'signedIn' && state.refresh.state === 'waiting' && !state.refresh.failure.mustWait ? { ...state, refresh: IDLE } : state;
    case 'lifeEnded':
      return state.status === 'signedIn' ? { ...state, life: { ...state.life, leftMs: 0 } } : state;
  }
}

function readRecord(state: SessionState, record: StorageRecord | null, at: Instant): SessionState {
  if (record === null) {
    // An emptied storage ends no session: memory keeps it, and the next write stores it again.
    return state.status === 'loading' ? { status: 'signedOut', record: EMPTY_RECORD } : state;
  }
  if (state.status !== 'loading' && (record === state.record || laterRecord(state.record, record) !== record)) return state;
  return record.status === 'signedOut' ? { status: 'signedOut', record } : signedIn(state, record, at);
}

function signedIn(state: SessionState, record: SignedInRecord, at: Instant): SignedInState {
  const { sessionId, generation, receipt } = record.session;
  if (!isSession(state, sessionId) || state.record.session.generation !== generation) {
    return { status: 'signedIn', record, life: lifeOf(receipt, at), refresh: refreshAfter(record.failure, state, at) };
  }
  // Another tab's attempt does not change this tab's refresh state.
  const isAttempt = record.pendingAttemptId !== null && isSameFailure(record.failure, state.record.failure);
  return { ...state, record, refresh: isAttempt ? state.refresh : refreshAfter(record.failure, state, at) };
}

function refreshAfter(failure: SharedFailure | null, state: SessionState, at: Instant): RefreshState {
  if (failure === null) return IDLE;
  // The API still refuses the app of this tab, even if another tab's refresh has failed for another reason since.
  if (state.status === 'signedIn' && state.refresh.state === 'blocked') return state.refresh;
  // A page that has just loaded may have the right App Key, so it tries once.
  if (failure.kind === 'misconfigured' && state.status === 'loading') return IDLE;
  return { state: 'waiting', failure, wait: anchorOf(failure.failedAt, failure.delayMs, at) };
}

function isSession(state: SessionState, sessionId: string): state is SignedInState {
  return state.status === 'signedIn' && state.record.session.sessionId === sessionId;
}
