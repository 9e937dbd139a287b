import { revoke } from '../endpoint/revocation.ts';
import type { Asked, AskedInTime } from '../endpoint/token-endpoint.ts';
import { isHopeless, isSameFailure, isTimeout, leavesDoubt, maybeSpent, shareFailure, shareOffline, unexpected, type LastingFailure } from '../model/refresh-failure.ts';
import type { EndReason, FinalFailure, RefreshOutcome } from '../model/refresh-outcome.ts';
import { commitChange, endChange, endReasonOf, failChange, noteAttemptChange, refuseChange, type Attempt, type Claim, type RecordChange } from '../model/record-change.ts';
import type { SignedInState } from '../model/session-state.ts';
import { accessGenerationOf, isPresumed, type SharedFailure, type SignedInRecord, type StorageRecord } from '../model/storage-record.ts';
import { isCutOff } from '../model/session-reducer.ts';
import { isRefreshOver, isUsable } from '../model/token-decision.ts';
import { remainingMs } from '../model/token-life.ts';
import { isRenewable, isSameUser, refreshTextOf, type TokenSet } from '../model/token-set.ts';
import { pause } from '../platform/pause.ts';
import type { Release } from '../platform/platform.ts';
import type { ClientContext } from '../session/client-context.ts';
import { cookiePartsOf } from '../session/cookie-parts.ts';
import type { SessionStore } from '../session/session-store.ts';
import { readerOf, renewedChange } from './refresh-answer.ts';
import type { RefreshLock } from './refresh-lock.ts';

/** Noting an attempt and sending it take less than this, unless the tab was frozen in between. */
const FROZEN_MS = 5000;

/**
 * Starts the refresh of a session, or joins the running one. At most one runs at a time over all tabs.
 *
 * The promise resolves when the refresh is over, with any outcome, and never rejects.
 */
export type Refresh = (stale: SignedInState) => Promise<void>;

/** Creates the refresher: join, lock, re-read, note the attempt, ask, compare-and-set, announce. */
export function createRefresher(context: ClientContext, store: SessionStore, lock: RefreshLock): Refresh {
  const { platform, observers } = context;
  const running = new Map<string, Promise<void>>();
  const attempts = createAttempts(context, store, lock);
  const refreshInTurn = createTurn(context, store, lock, attempts.carryOut);

  function takeTurn(stale: SignedInRecord, wasOver: boolean): Promise<void> {
    const attemptId = platform.randomId();
    const { sessionId } = stale.session;
    return lock.hold(sessionId, attemptId, () => {
      observers.emit({ type: 'lockTaken', sessionId });
      return refreshInTurn(stale, attemptId, wasOver).finally(() => observers.emit({ type: 'lockReleased', sessionId }));
    });
  }

  return (stale) => {
    const { sessionId } = stale.record.session;
    const joined = running.get(sessionId);
    if (joined) return joined;
    const wasOver = isRefreshOver(stale, platform.now());
    const started = Promise.resolve()
      .then(() => takeTurn(stale.record, wasOver))
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

/** An attempt that this tab has noted, and what it found before. */
interface Noted {
  readonly record: SignedInRecord;
  /** Whether the note is in storage, or only in this tab's memory. */
  readonly stored: boolean;
  /** Whether storage could be read before. */
  readonly isRead: boolean;
  /** The attempt that was noted before. */
  readonly other: string | null;
}

/** Creates the function that refreshes while this tab has the lock: it re-reads, waits for other attempts, and notes its own. */
function createTurn(context: ClientContext, store: SessionStore, lock: RefreshLock, carryOut: (noted: Noted, claim: Attempt) => Promise<void>) {
  const { platform, protocol, disposed } = context;

  /** Whether another tab was faster: its token is adopted, or the wait after its failure is kept. */
  function isSettledElsewhere(state: SignedInState, stale: SignedInRecord): boolean {
    const { failure, session } = state.record;
    if (failure !== null && (session.generation !== stale.session.generation || !isSameFailure(failure, stale.failure))) return true;
    return accessGenerationOf(session) !== accessGenerationOf(stale.session) && isUsable(state, 0, platform.now());
  }

  /** Resolves to the record that the attempt is for; `null` if the record has changed and must be read again. */
  async function noteAttempt(seen: SignedInRecord, attemptId: string): Promise<Pick<Noted, 'record' | 'stored'> | null> {
    const startedAt = platform.now();
    let wasEmpty = false;
    const { record, stored } = await store.write((current, before) => ((wasEmpty = before === null), noteAttemptChange(seen, attemptId, protocol.refreshCookie && startedAt.wall)(current)));
    // Storage was cleared, so the tab that has the newest tokens gets the time to write them back.
    if (wasEmpty && !attemptId.startsWith(seen.pendingAttemptId ?? '-')) return null;
    // If the tab was frozen here, the others may have counted it as dead, so what it has read may be old.
    const wasFrozen = remainingMs({ ...startedAt, leftMs: FROZEN_MS }, platform.now()) < 0;
    return isNoted(record, seen.session.generation, attemptId) && !wasFrozen ? { record, stored } : null;
  }

  /** A protocol without a cookie cannot refresh the session of one that has it. Tabs with the other protocol still can. */
  async function leaveToCookie({ session, failure }: SignedInRecord): Promise<void> {
    const misconfigured = { kind: 'misconfigured', detail: 'The refresh token is in a cookie; set `refreshToken: inCookie()` in the protocol.' } as const;
    if (isPresumed(session)) await store.write(endChange(session, 'refresh_token_invalid'));
    else store.dispatch({ type: 'appRefused', of: session, failure: shareFailure(failure, misconfigured, platform.now().wall, 1) });
  }

  return async (stale: SignedInRecord, attemptId: string, wasOver: boolean): Promise<void> => {
    const { sessionId } = stale.session;
    const waitFor = lock.watch();
    let waitedFor = -1;
    for (;;) {
      // After a record was written back, another tab may write a newer one, so it gets the time to do so.
      const { isRead, isWrittenBack } = await store.sync();
      if (isWrittenBack) await lock.pause();
      const state = store.getState();
      if (disposed.aborted || state.status !== 'signedIn' || state.record.session.sessionId !== sessionId) return;
      if (isCutOff(state) || isSettledElsewhere(state, stale)) return;
      const { session, pendingAttemptId: other } = state.record;
      store.dispatch({ type: 'refreshStarted', sessionId });
      if (other !== null && !attemptId.startsWith(other) && (await waitFor(other))) continue;
      // A tab whose storage works goes first, because all tabs can then have the tokens.
      if (waitedFor !== session.generation && (await lock.isReserved(session))) {
        waitedFor = session.generation;
        await lock.untilFree(session);
        continue;
      }
      // If the API refused the token only meanwhile, or its end has passed only meanwhile, the access token lives on.
      const isOver = isRefreshOver(state, platform.now());
      if (isOver && wasOver) await store.write(endChange(session, 'expired'));
      if (isOver || !isRenewable(session.tokens)) return;
      if (!protocol.refreshCookie && refreshTextOf(session.tokens) === '') return leaveToCookie(state.record);
      const noted = await noteAttempt(state.record, attemptId);
      if (noted) return carryOut({ ...noted, isRead, other }, { sessionId, generation: noted.record.session.generation, attemptId });
      await lock.pause(); // Another tab is about to write, for example a tab that replaced a frozen one.
      attemptId += '+'; // The other tabs may have given up the attempt that this tab has noted, and must wait for the next one.
    }
  };
}

/** Creates the function that carries out a noted attempt, and the function that notes its failure. */
function createAttempts(context: ClientContext, store: SessionStore, lock: RefreshLock) {
  const { platform, protocol, observers, disposed } = context;

  /**
   * Resolves to `null` if another tab may use the refresh token. The stored note rules that out. If it cannot be stored, the token
   * must be what storage has now, and locks replace the note. Only one tab then refreshes, because no failure can be shared either.
   */
  async function permission({ stored, isRead, other }: Noted, claim: Attempt): Promise<Release | null> {
    if (await lock.isReserved(claim)) return null;
    if (stored || store.isPrivate(claim.sessionId)) return () => undefined;
    if (!isRead || (other !== null && (await lock.isRunning(other)))) return null;
    const end = await lock.reserve({ ...claim, generation: 0 });
    void Promise.resolve(store.whenStored()).then(end);
    return end && lock.reserve(claim);
  }

  /** Keeps the reservation of a token that was sent until storage shows the outcome, or until the wait after a failure is over. Nothing is sent again after an unreadable answer. */
  async function endWhenShared(claim: Attempt, reservation: Promise<Release | null>): Promise<void> {
    const stored = store.whenStored();
    const failure = currentOf(claim)?.record.failure;
    void Promise.race(stored && failure && !failure.isUnreadable ? [stored, pause(platform, disposed, failure.delayMs, true)] : [stored]).then(await reservation);
  }

  async function carryOut(noted: Noted, claim: Attempt): Promise<void> {
    const { record, record: { failure } } = noted;
    try {
      if (failure && !platform.isOnline()) return void (await store.write(failChange(claim, shareOffline(failure, platform.now().wall), false)));
      const end = await permission(noted, claim);
      if (!end) return await fail(record, claim, maybeSpent());
      await ask(record, claim).finally(end);
    } catch (error) {
      if (!disposed.aborted) platform.report(error);
      await fail(record, claim, unexpected(error));
    }
    await cookiePartsOf(protocol)?.noteAnswered(store, claim.attemptId);
  }

  async function ask(record: SignedInRecord, claim: Attempt): Promise<void> {
    const request = protocol.refreshRequest(refreshTextOf(record.session.tokens) ?? '', record.session.tokens);
    observers.emit({ type: 'refreshSent', ...claim });
    const asked = await context.askTokenEndpoint(request, record.session.receipt.clockOffset, readerOf(context, record.session), record.session.tokens);
    const reservation = Promise.resolve(asked.late).then(() => lock.reserve(claim)); // Other tabs give up the attempt of a tab that was frozen.
    return settleInTime(record, claim, asked).finally(() => endWhenShared(claim, reservation));
  }

  async function settleInTime(record: SignedInRecord, claim: Attempt, asked: AskedInTime<RefreshOutcome>): Promise<void> {
    if (!asked.late) return settle(record, claim, asked);
    const failure = share(record, asked.outcome);
    await store.write(failChange(claim, failure, true, claim.attemptId));
    const late = await asked.late;
    // The other tabs send nothing until this attempt is over, and all tabs keep the wait that was noted.
    return isTimeout(late.outcome) ? void (await store.write(failChange(claim, failure, true))) : settle(record, claim, late);
  }

  async function settle(record: SignedInRecord, claim: Attempt, { outcome, facts }: Asked<RefreshOutcome>): Promise<void> {
    observers.emit({ type: 'refreshAnswered', ...claim, outcome: outcome.kind });
    if (outcome.kind !== 'granted') return fail(record, claim, outcome);
    const { tokens } = outcome;
    await commit(claim, tokens, renewedChange(context, claim, record.session, tokens, facts));
  }

  async function commit(claim: Claim, tokens: TokenSet, change: RecordChange): Promise<void> {
    const { record: { session: next } } = await store.write(change);
    // A cookie is not revoked here: it is that of a later sign-in, or the sign-out removes it.
    if (next?.sessionId !== claim.sessionId && !protocol.refreshCookie && !(next && isSameUser(tokens, next.tokens))) void revoke(context, protocol, tokens);
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

  /** The state of a claim; `null` if the session has changed since. */
  function currentOf({ sessionId, generation }: Claim): SignedInState | null {
    const state = store.getState();
    return state.status === 'signedIn' && state.record.session.sessionId === sessionId && state.record.session.generation === generation ? state : null;
  }

  /** How long the access token of a claim can still be used, ms; `null` if the session has changed since. */
  function leftMsOf(claim: Claim): number | null {
    const state = currentOf(claim);
    return state && Math.max(0, remainingMs(state.life, platform.now()));
  }

  async function refuse(record: SignedInRecord, claim: Claim, reason: EndReason): Promise<void> {
    const { sessionId, generation } = claim;
    const leftMs = leftMsOf(claim);
    if (leftMs !== null && !isPresumed(record.session)) observers.emit({ type: 'refreshRefused', sessionId, generation, endReason: endReasonOf(record, reason), leftMs: leftMs === Infinity ? null : leftMs });
    const mayLast = leftMs !== 0 || (context.accessToken === 'memory' && !isPresumed(record.session)); // Another tab may have a token that lives.
    await store.write((mayLast && context.endWhen === 'token_expires' ? refuseChange : endChange)(claim, reason));
  }

  function share({ failure: last }: SignedInRecord, failure: LastingFailure): SharedFailure {
    return shareFailure(last, failure, platform.now().wall, platform.random());
  }

  return { carryOut, fail };
}

/** Whether a record notes an attempt for a token set. An attempt belongs to one session only. */
function isNoted(record: StorageRecord, generation: number, attemptId: string): record is SignedInRecord {
  return record.status === 'signedIn' && record.pendingAttemptId === attemptId && record.session.generation === generation;
}
