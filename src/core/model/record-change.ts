import type { EndReason } from './refresh-outcome.ts';
import type { Session, SharedFailure, SignedInRecord, StorageRecord } from './storage-record.ts';
import type { Receipt } from './token-life.ts';
import type { TokenSet } from './token-set.ts';

/** Turns what storage holds into what it shall hold; the same object back means: leave it. */
export type RecordChange = (current: StorageRecord) => StorageRecord;

/** What a refresh was asked for: its result counts only while storage still holds just this. */
export interface Claim {
  readonly sessionId: string;
  readonly generation: number;
}

/** Starts a session, unless the user signed out after it was asked for. */
export function signInChange(session: Session, askedAtRevision: number): RecordChange {
  return (current) => {
    const signedOutSince = current.status === 'signedOut' && current.endReason === 'sign_out' && current.revision > askedAtRevision;
    return signedOutSince ? current : { status: 'signedIn', revision: current.revision + 1, session, failure: null };
  };
}

/** Ends whatever session there is. */
export function signOutChange(endedSessionId: string | null): RecordChange {
  return (current) => ({
    status: 'signedOut',
    revision: current.revision + 1,
    endedSessionId: current.status === 'signedIn' ? current.session.sessionId : (endedSessionId ?? current.endedSessionId),
    endReason: 'sign_out',
  });
}

/** Stores the tokens of a refresh. */
export function commitChange(claim: Claim, tokens: TokenSet, receipt: Receipt): RecordChange {
  return whileClaimed(claim, (current) => ({
    ...current,
    session: { sessionId: claim.sessionId, generation: claim.generation + 1, tokens, receipt },
    failure: null,
  }));
}

/** Notes a failed refresh for all tabs. */
export function failChange(claim: Claim, failure: SharedFailure): RecordChange {
  return whileClaimed(claim, (current) => ({ ...current, failure }));
}

/** Ends a session for good. */
export function endChange(claim: Claim, endReason: EndReason): RecordChange {
  return whileClaimed(claim, ({ revision }) => ({
    status: 'signedOut',
    revision,
    endedSessionId: claim.sessionId,
    endReason,
  }));
}

/** The compare of compare-and-set: a session that was ended, replaced or refreshed meanwhile drops the late result. */
function whileClaimed(claim: Claim, change: (current: SignedInRecord) => StorageRecord): RecordChange {
  return (current) =>
    current.status === 'signedIn'
    && current.session.sessionId === claim.sessionId
    && current.session.generation === claim.generation
      ? { ...change(current), revision: current.revision + 1 }
      : current;
}
