import { isSameFailure } from './refresh-failure.ts';
import type { EndReason } from './refresh-outcome.ts';
import type { Session, SharedFailure, SignedInRecord, StorageRecord } from './storage-record.ts';
import type { Receipt } from './token-life.ts';
import type { TokenSet } from './token-set.ts';

/**
 * Turns what holds into what storage shall hold; the same object back means: leave it.
 *
 * @param current the later of what this tab knows and what storage holds
 * @param stored what storage holds, whatever this tab knows; nothing where it is empty, or fails
 */
export type RecordChange = (current: StorageRecord, stored?: StorageRecord | null) => StorageRecord;

/** What a refresh is asked for: its result counts only while storage still holds just this. A session claims itself. */
export interface Claim {
  readonly sessionId: string;
  readonly generation: number;
  /** The attempt that asks; a failure of any other one counts no more. Without it, whoever asks counts. */
  readonly attemptId?: string | null;
}

/** The claim of one attempt, and nothing else: it may be told to observers, as a session may not. */
export interface Attempt extends Claim {
  readonly attemptId: string;
}

/** Starts a session, unless the user signed out after it was asked for; done twice, it counts once. */
export function signInChange(session: Session, askedInEpoch: number): RecordChange {
  return (current) => {
    const known = current.session?.sessionId ?? current.endedSessionId;
    const signedOutSince = current.endReason === 'sign_out' && current.epoch > askedInEpoch;
    if (signedOutSince || known === session.sessionId) return current;
    return { ...nextEpoch(current), status: 'signedIn', session, failure: null, asking: null, inDoubt: false };
  };
}

/** Ends whatever session there is; done twice for one session, it counts once. */
export function signOutChange(endedSessionId: string | null): RecordChange {
  return (current) => {
    const over = current.session?.sessionId ?? endedSessionId ?? current.endedSessionId ?? null;
    const isDone = current.endReason === 'sign_out' && endedSessionId !== null && current.endedSessionId === endedSessionId;
    return isDone ? current : { ...nextEpoch(current), status: 'signedOut', endedSessionId: over, endReason: 'sign_out' };
  };
}

/**
 * Notes that a refresh token is about to be sent: whoever comes after a tab that died with the answer under way knows of it.
 *
 * @param seen what the tab goes by; where another one has asked or failed since, it has to look again
 */
export function askChange(seen: SignedInRecord, attemptId: string): RecordChange {
  return whileClaimed(seen.session, (current) => {
    const { asking, inDoubt, failure } = current;
    if (asking !== seen.asking || !isSameFailure(failure, seen.failure)) return current;
    return { ...current, asking: attemptId, inDoubt: inDoubt || (asking !== null && asking !== attemptId) };
  });
}

/** Stores the tokens of a refresh; who asks as well by then is still waited for. */
export function commitChange({ sessionId, generation, attemptId = null }: Claim, tokens: TokenSet, receipt: Receipt): RecordChange {
  // New tokens are welcome however late: a tab that was taken for dead may bring the only ones that are left.
  return whileClaimed({ sessionId, generation }, (current) => ({
    ...current,
    session: { sessionId, generation: generation + 1, tokens, receipt },
    failure: null,
    asking: current.asking === attemptId ? null : current.asking,
    inDoubt: false,
  }));
}

/**
 * Notes a failed refresh for all tabs.
 *
 * @param inDoubt whether the API may have rotated all the same
 * @param asking the attempt, where its answer may come yet; nothing where it is over
 */
export function failChange(claim: Claim, failure: SharedFailure, inDoubt: boolean, asking: string | null = null): RecordChange {
  return whileClaimed(claim, (current) => ({
    ...current,
    failure,
    asking,
    inDoubt: current.inDoubt || inDoubt,
  }));
}

/** Ends a session for good; says so when a lost answer is the likely cause. */
export function endChange(claim: Claim, reason: EndReason): RecordChange {
  return whileClaimed(claim, (current) => ({
    ...nextEpoch(current),
    status: 'signedOut',
    endedSessionId: claim.sessionId,
    endReason: reason === 'refresh_token_invalid' && current.inDoubt ? 'rotation_lost' : reason,
  }));
}

/** The compare of compare-and-set: a session that was ended, replaced or refreshed meanwhile drops the late result. */
function whileClaimed({ sessionId, generation, attemptId = null }: Claim, change: (current: SignedInRecord) => StorageRecord): RecordChange {
  return (current) => {
    const claimed = current.status === 'signedIn'
      && current.session.sessionId === sessionId
      && current.session.generation === generation
      && (attemptId === null || attemptId === current.asking);
    const next = claimed ? change(current) : current;
    return next === current ? current : { ...next, revision: current.revision + 1 };
  };
}

function nextEpoch({ lineage, epoch, revision }: StorageRecord) {
  return { lineage, epoch: epoch + 1, revision: revision + 1 };
}
