import type { Instant, RefreshState, SessionEvent, SessionState, SignedInState } from './session-state.ts';
import { EMPTY_RECORD, ends, type SharedFailure, type SignedInRecord, type StorageRecord } from './storage-record.ts';
import { anchorOf } from './token-life.ts';

const IDLE: RefreshState = { state: 'idle' };
const RUNNING: RefreshState = { state: 'running' };

/** The one place where the state of a tab changes; an event that changes nothing returns the very same state. */
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
    case 'waitEnded':
      return state.status === 'signedIn' && state.refresh.state === 'waiting' ? { ...state, refresh: IDLE } : state;
  }
}

function readRecord(state: SessionState, record: StorageRecord | null, at: Instant): SessionState {
  if (record === null) {
    // An emptied storage ends nothing: the session lives on here, and the next write stores it again.
    return state.status === 'loading' ? { status: 'signedOut', record: EMPTY_RECORD } : state;
  }
  if (state.status !== 'loading' && !supersedes(record, state)) return state;
  return record.status === 'signedOut' ? { status: 'signedOut', record } : signedIn(state, record, at);
}

/** A later record counts, unless it would bring back the session that has just ended here. */
function supersedes(record: StorageRecord, state: Exclude<SessionState, { status: 'loading' }>): boolean {
  if (ends(record, state.record)) return true;
  return record.revision > state.record.revision && !ends(state.record, record);
}

function signedIn(state: SessionState, record: SignedInRecord, at: Instant): SignedInState {
  const { sessionId, generation, receipt } = record.session;
  const same = isSession(state, sessionId) && state.record.session.generation === generation;
  return {
    status: 'signedIn',
    record,
    life: same ? state.life : anchorOf(receipt, at.wall, at.monotonic),
    refresh: refreshAfter(record.failure, state, at),
  };
}

function refreshAfter(failure: SharedFailure | null, state: SessionState, at: Instant): RefreshState {
  if (failure === null) return IDLE;
  if (failure.kind === 'transient') {
    const wait = anchorOf({ receivedAt: failure.failedAt, lifetimeMs: failure.delayMs }, at.wall, at.monotonic);
    return { state: 'waiting', failure, wait };
  }
  // A page that has just been loaded may bring the right App Key: it tries once.
  return state.status === 'loading' ? IDLE : { state: 'blocked', failure };
}

function isSession(state: SessionState, sessionId: string): state is SignedInState {
  return state.status === 'signedIn' && state.record.session.sessionId === sessionId;
}
