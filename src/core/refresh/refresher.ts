import { isSameFailure, isTimeout, leavesDoubt, shareFailure, shareOffline, spentElsewhere, unexpected, type LastingFailure } from '../model/refresh-failure.ts';
import { invalidResponse, type FinalFailure, type RefreshOutcome } from '../model/refresh-outcome.ts';
import type { Protocol } from '../model/protocol.ts';
import { askChange, commitChange, endChange, failChange, type Attempt, type Claim } from '../model/record-change.ts';
import type { SignedInState } from '../model/session-state.ts';
import type { SharedFailure, SignedInRecord, StorageRecord } from '../model/storage-record.ts';
import { receiptOf, remainingMs } from '../model/token-life.ts';
import { tokenSetProblem } from '../model/token-set.ts';
import { isUsable } from '../model/token-verdict.ts';
import type { Observers } from '../events/observers.ts';
import type { Platform } from '../platform/platform.ts';
import { createRefreshRight } from './refresh-lock.ts';
import type { SessionStore } from '../session/session-store.ts';
import { askTokenEndpoint, revoke, type Asked } from '../endpoint/token-endpoint.ts';

/** From noting an attempt to sending it takes no time, unless the tab was frozen in between. */
const FROZEN_MS = 5000;

/**
 * Starts or joins the refresh of a session, each at most once at a time over all tabs; settles when it is over, whatever
 * came of it, and never rejects.
 */
export type Refresh = (stale: SignedInState) => Promise<void>;

/**
 * Creates the refresher: share, re-read, note the attempt, ask, compare-and-set, announce.
 *
 * @param key names the session's storage and locks
 * @param life of the client: after it nothing is sent any more; what was sent is still stored
 */
export function createRefresher(platform: Platform, protocol: Protocol, store: SessionStore, key: string, { tell }: Observers, life: AbortSignal): Refresh {
  const running = new Map<string, Promise<void>>();
  const right = createRefreshRight(platform, key, life);

  function refresh(stale: SignedInState): Promise<void> {
    const { sessionId } = stale.record.session;
    const joined = running.get(sessionId);
    if (joined) return joined;
    const started = Promise.resolve()
      .then(() => begin(stale.record))
      .catch((error: unknown) => noteFailure(stale.record, stale.record.session, unexpected(error)))
      .finally(() => {
        running.delete(sessionId);
        store.dispatch({ type: 'refreshAbandoned', sessionId });
      });
    running.set(sessionId, started);
    store.dispatch({ type: 'refreshStarted', sessionId });
    return started;
  }

  function begin(stale: SignedInRecord): Promise<void> {
    const attemptId = platform.randomId();
    const { sessionId } = stale.session;
    return right.hold(sessionId, attemptId, () => {
      tell({ type: 'lockTaken', sessionId });
      return refreshAlone(stale, attemptId).finally(() => tell({ type: 'lockReleased', sessionId }));
    });
  }

  async function refreshAlone(stale: SignedInRecord, attemptId: string): Promise<void> {
    const { sessionId } = stale.session;
    const waitFor = right.watch();
    for (;;) {
      // Where storage had to be reminded, a tab that knows of newer tokens does so, too: it is given the time.
      if (await store.sync()) await right.pause();
      const state = store.getState();
      if (life.aborted || state.status !== 'signedIn' || state.record.session.sessionId !== sessionId) return;
      if (state.record.session.tokens.refreshToken === undefined || isSettledElsewhere(state, stale)) return;
      store.dispatch({ type: 'refreshStarted', sessionId });
      const other = state.record.asking;
      if (other !== null && other !== attemptId && (await waitFor(other))) continue;
      const noted = await noteAttempt(state.record, attemptId);
      if (noted) return attempt(noted, { sessionId, generation: noted.session.generation, attemptId });
      await right.pause(); // Whoever stands in for a tab that has just thawed is about to write.
    }
  }

  /** Another tab was faster: its token is adopted, or its failure is waited out. */
  function isSettledElsewhere(state: SignedInState, stale: SignedInRecord): boolean {
    const { failure, session } = state.record;
    const renewed = session.generation !== stale.session.generation;
    if (failure !== null && (renewed || !isSameFailure(failure, stale.failure))) return true;
    return renewed && isUsable(state, 0, platform.now());
  }

  /** Resolves to the record that the attempt is about; `null` where things have changed, and must be looked at again. */
  async function noteAttempt(seen: SignedInRecord, attemptId: string): Promise<SignedInRecord | null> {
    const startedAt = platform.now();
    const { record } = await store.write(askChange(seen, attemptId));
    // A tab that was frozen right here was taken for dead meanwhile: what it has read is no longer true.
    return isNoted(record, seen.session.generation, attemptId) && remainingMs({ ...startedAt, leftMs: FROZEN_MS }, platform.now()) >= 0 ? record : null;
  }

  async function attempt(record: SignedInRecord, claim: Attempt): Promise<void> {
    try {
      const { failure } = record;
      if (failure && !platform.isOnline()) await store.write(failChange(claim, shareOffline(failure, platform.now().wall), false));
      else if (store.isOutdated(claim) || (await right.isSpent(claim))) await noteFailure(record, claim, spentElsewhere());
      else await ask(record, claim);
    } catch (error) {
      await noteFailure(record, claim, unexpected(error));
    }
  }

  async function ask(record: SignedInRecord, claim: Attempt): Promise<void> {
    const { tokens, receipt } = record.session;
    const request = protocol.refreshRequest(tokens.refreshToken ?? '');
    tell({ type: 'refreshSent', ...claim });
    const asked = await askTokenEndpoint(platform, request, receipt.clockOffset, (answer) => usable(protocol.readRefresh(answer, tokens)));
    if (!asked.late) return settle(record, claim, asked);
    const failure = share(record, asked.outcome);
    await store.write(failChange(claim, failure, true, claim.attemptId));
    const late = await asked.late;
    // Nobody has asked before this one is given up, and all go on waiting as they were told.
    if (isTimeout(late.outcome)) await store.write(failChange(claim, failure, true));
    else await settle(record, claim, late);
  }

  async function settle(record: SignedInRecord, claim: Attempt, { outcome, facts }: Asked<RefreshOutcome>): Promise<void> {
    tell({ type: 'refreshAnswered', ...claim, outcome: outcome.kind });
    if (outcome.kind !== 'granted') return noteFailure(record, claim, outcome);
    const { tokens } = outcome;
    const { record: current, stored } = await store.write(commitChange(claim, tokens, receiptOf(tokens, facts, record.session.tokens)));
    if (current.session?.sessionId !== claim.sessionId) void revoke(platform, protocol, tokens);
    if (!stored) await right.markSpent(claim, store.whenStored());
  }

  async function noteFailure(record: SignedInRecord, claim: Claim, failure: LastingFailure | FinalFailure): Promise<void> {
    if (failure.kind === 'final') return void (await store.write(endChange(claim, failure.reason)));
    const shared = share(record, failure);
    // Of this tab alone: another one may have an App Key that is not outdated.
    if (failure.kind === 'misconfigured') store.dispatch({ type: 'appRefused', of: claim, failure: shared });
    await store.write(failChange(claim, shared, leavesDoubt(failure)));
  }

  function share({ failure: last }: SignedInRecord, failure: LastingFailure): SharedFailure {
    return shareFailure(last, failure, platform.now().wall, platform.random());
  }

  return refresh;
}

/** Tokens that cannot be sent or stored must not take the place of those that can. */
function usable(outcome: RefreshOutcome): RefreshOutcome {
  const problem = outcome.kind === 'granted' ? tokenSetProblem(outcome.tokens) : null;
  return problem === null ? outcome : invalidResponse(problem);
}

/** Whether a record says that an attempt, which is of one session alone, is about a token set. */
function isNoted(record: StorageRecord, generation: number, attemptId: string): record is SignedInRecord {
  return record.status === 'signedIn' && record.asking === attemptId && record.session.generation === generation;
}
