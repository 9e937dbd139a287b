import { revoke } from '../endpoint/revocation.ts';
import type { Asked } from '../endpoint/token-endpoint.ts';
import { AuthError } from '../model/auth-error.ts';
import { isHopeless, isSameFailure, isTimeout, leavesDoubt, shareFailure, shareOffline, spentElsewhere, unexpected, type LastingFailure } from '../model/refresh-failure.ts';
import { invalidResponse, withRotated, type EndReason, type FinalFailure, type RefreshOutcome } from '../model/refresh-outcome.ts';
import { commitChange, endChange, endReasonOf, failChange, noteAttemptChange, refuseChange, type Attempt, type Claim, type RecordChange } from '../model/record-change.ts';
import type { SignedInState } from '../model/session-state.ts';
import type { SharedFailure, SignedInRecord, StorageRecord } from '../model/storage-record.ts';
import { isCutOff } from '../model/session-reducer.ts';
import { isRefreshOver, isUsable } from '../model/token-decision.ts';
import { lifeOf, receiptOf, remainingMs } from '../model/token-life.ts';
import { kept, tokenSetProblem, type TokenSet } from '../model/token-set.ts';
import type { ClientContext } from '../session/client-context.ts';
import type { SessionStore } from '../session/session-store.ts';
import { createRefreshLock, type RefreshLock } from './refresh-lock.ts';

/** Noting an attempt and sending it take less than this, unless the tab was frozen in between. */
const FROZEN_MS = 5000;

/**
 * Starts the refresh of a session, or joins the running one. At most one runs at a time over all tabs.
 *
 * The promise resolves when the refresh is over, with any outcome, and never rejects.
 */
export type Refresh = (stale: SignedInState) => Promise<void>;

/** Creates the refresher: join, lock, re-read, note the attempt, ask, compare-and-set, announce. */
export function createRefresher(context: ClientContext, store: SessionStore): Refresh {
  const { platform, observers } = context;
  const running = new Map<string, Promise<void>>();
  const lock = createRefreshLock(context);
  const attempts = createAttempts(context, store, lock);
  const refreshInTurn = createTurn(context, store, lock, attempts.carryOut);

  function takeTurn(stale: SignedInRecord): Promise<void> {
    const attemptId = platform.randomId();
    const { sessionId } = stale.session;
    return lock.hold(sessionId, attemptId, () => {
      observers.emit({ type: 'lockTaken', sessionId });
      return refreshInTurn(stale, attemptId).finally(() => observers.emit({ type: 'lockReleased', sessionId }));
    });
  }

  return (stale) => {
    const { sessionId } = stale.record.session;
    const joined = running.get(sessionId);
    if (joined) return joined;
    const started = Promise.resolve()
      .then(() => takeTurn(stale.record))
      .catch((error: unknown) => attempts.fail(stale.record, stale.record.session, unexpected(error)))
      .finally(() => {
        running.delete(sessionId);
        store.dispatch({ type: 'refreshAbandoned', sessionId });
      });
    running.set(sessionId, started);
    store.dispatch({ type: 'refreshStarted', sessionId });
    return started;
  };
}

/** Creates the function that refreshes while this tab has the lock: it re-reads, waits for other attempts, and notes its own. */
function createTurn(context: ClientContext, store: SessionStore, lock: RefreshLock, carryOut: (record: SignedInRecord, claim: Attempt) => Promise<void>) {
  const { platform, disposed } = context;

  /** Whether another tab was faster: its token is adopted, or the wait after its failure is kept. */
  function isSettledElsewhere(state: SignedInState, stale: SignedInRecord): boolean {
    const { failure, session } = state.record;
    const isNewer = session.generation !== stale.session.generation;
    if (failure !== null && (isNewer || !isSameFailure(failure, stale.failure))) return true;
    return isNewer && isUsable(state, 0, platform.now());
  }

  /** Resolves to the record that the attempt is for; `null` if the record has changed and must be read again. */
  async function noteAttempt(seen: SignedInRecord, attemptId: string): Promise<SignedInRecord | null> {
    const startedAt = platform.now();
    const { record } = await store.write(noteAttemptChange(seen, attemptId));
    // If the tab was frozen here, the others may have counted it as dead, so what it has read may be old.
    const wasFrozen = remainingMs({ ...startedAt, leftMs: FROZEN_MS }, platform.now()) < 0;
    return isNoted(record, seen.session.generation, attemptId) && !wasFrozen ? record : null;
  }

  return async (stale: SignedInRecord, attemptId: string): Promise<void> => {
    const { sessionId } = stale.session;
    const waitFor = lock.watch();
    for (;;) {
      // After a record was written back, another tab may write a newer one, so it gets the time to do so.
      if (await store.sync()) await lock.pause();
      const state = store.getState();
      if (disposed.aborted || state.status !== 'signedIn' || state.record.session.sessionId !== sessionId) return;
      if (isCutOff(state) || isSettledElsewhere(state, stale)) return;
      const { session, endsAs } = state.record;
      store.dispatch({ type: 'refreshStarted', sessionId });
      const other = state.record.pendingAttemptId;
      if (other !== null && other !== attemptId && (await waitFor(other))) continue;
      // Another tab's refusal has nothing to do with this refresh. The access token lives on.
      if (endsAs === stale.endsAs && isRefreshOver(state, platform.now())) return void (await store.write(endChange(session, 'session_expired')));
      if (session.tokens.refreshToken === undefined) return;
      const noted = await noteAttempt(state.record, attemptId);
      if (noted) return carryOut(noted, { sessionId, generation: noted.session.generation, attemptId });
      await lock.pause(); // Another tab is about to write, for example a tab that replaced a frozen one.
    }
  };
}

/** Creates the function that carries out a noted attempt, and the function that notes its failure. */
function createAttempts(context: ClientContext, store: SessionStore, lock: RefreshLock) {
  const { platform, protocol, observers } = context;

  async function carryOut(record: SignedInRecord, claim: Attempt): Promise<void> {
    try {
      const { failure } = record;
      if (failure && !platform.isOnline()) await store.write(failChange(claim, shareOffline(failure, platform.now().wall), false));
      else if (store.isOutdated(claim) || (await lock.isSpent(claim))) await fail(record, claim, spentElsewhere());
      else await ask(record, claim);
    } catch (error) {
      platform.report(error);
      await fail(record, claim, unexpected(error));
    }
  }

  async function ask(record: SignedInRecord, claim: Attempt): Promise<void> {
    const { tokens, receipt } = record.session;
    const request = protocol.refreshRequest(tokens.refreshToken ?? '');
    observers.emit({ type: 'refreshSent', ...claim });
    const asked = await context.askTokenEndpoint(request, receipt.clockOffset, (answer) => usable(protocol.readRefresh(answer, tokens), tokens));
    if (!asked.late) return settle(record, claim, asked);
    const failure = share(record, asked.outcome);
    await store.write(failChange(claim, failure, true, claim.attemptId));
    const late = await asked.late;
    // The other tabs send nothing until this attempt is over, and all tabs keep the wait that was noted.
    if (isTimeout(late.outcome)) await store.write(failChange(claim, failure, true));
    else await settle(record, claim, late);
  }

  async function settle(record: SignedInRecord, claim: Attempt, { outcome, facts }: Asked<RefreshOutcome>): Promise<void> {
    observers.emit({ type: 'refreshAnswered', ...claim, outcome: outcome.kind });
    if (outcome.kind !== 'granted') return fail(record, claim, outcome);
    const { tokens } = outcome;
    await commit(claim, tokens, commitChange(claim, kept(tokens, record.session.tokens), receiptOf(tokens, facts, record.session.tokens)));
  }

  async function commit(claim: Claim, tokens: TokenSet, change: RecordChange): Promise<void> {
    const { record: current, stored } = await store.write(change);
    if (current.session?.sessionId !== claim.sessionId) void revoke(context, protocol, tokens);
    if (!stored) await lock.markSpent(claim, store.whenStored());
  }

  async function fail(record: SignedInRecord, claim: Claim, failure: LastingFailure | FinalFailure): Promise<void> {
    if (failure.kind === 'final') return refuse(record, claim, failure.reason);
    const shared = share(record, failure);
    // This concerns only this tab, because another tab may have a newer App Key.
    if (failure.kind === 'misconfigured') store.dispatch({ type: 'appRefused', of: claim, failure: shared });
    // A token without a known expiry is refreshed only if the API has rejected it, or if the app asks.
    if (isHopeless(shared) && [0, Infinity].includes(leftMsOf(claim) ?? 1)) return refuse(record, claim, 'refresh_refused');
    const { rotatedRefreshToken: refreshToken } = failure;
    if (!refreshToken) return void (await store.write(failChange(claim, shared, leavesDoubt(failure))));
    const tokens = { ...record.session.tokens, refreshToken, refreshExpiresAt: undefined };
    await commit(claim, tokens, commitChange(claim, tokens, record.session.receipt, shared));
  }

  /** How long the access token of a claim can still be used, ms; `null` if the session has changed since. */
  function leftMsOf({ sessionId, generation }: Claim): number | null {
    const state = store.getState();
    const isCurrent = state.status === 'signedIn' && state.record.session.sessionId === sessionId && state.record.session.generation === generation;
    return isCurrent ? Math.max(0, remainingMs(state.life, platform.now())) : null;
  }

  async function refuse(record: SignedInRecord, claim: Claim, reason: EndReason): Promise<void> {
    const { sessionId, generation, receipt } = record.session;
    const { leftMs } = lifeOf(receipt, platform.now());
    observers.emit({ type: 'refreshRefused', sessionId, generation, endReason: endReasonOf(record, reason), leftMs: leftMs === Infinity ? null : Math.max(0, leftMs) });
    await store.write((leftMs > 0 && context.endWhen === 'token_expires' ? refuseChange : endChange)(claim, reason));
  }

  function share({ failure: last }: SignedInRecord, failure: LastingFailure): SharedFailure {
    return shareFailure(last, failure, platform.now().wall, platform.random());
  }

  /** Tokens that cannot be sent or stored must not replace usable tokens. */
  function usable(outcome: RefreshOutcome, previous: TokenSet): RefreshOutcome {
    const problem = outcome.kind === 'granted' ? tokenSetProblem(outcome.tokens) : null;
    if (outcome.kind !== 'granted' || problem === null) return outcome;
    const failure = invalidResponse(problem);
    platform.report(new AuthError('invalid_response', failure.detail)); // The protocol of the app has read them.
    return withRotated(failure, outcome.tokens?.refreshToken, previous);
  }

  return { carryOut, fail };
}

/** Whether a record notes an attempt for a token set. An attempt belongs to one session only. */
function isNoted(record: StorageRecord, generation: number, attemptId: string): record is SignedInRecord {
  return record.status === 'signedIn' && record.pendingAttemptId === attemptId && record.session.generation === generation;
}
