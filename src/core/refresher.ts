import { receiptOf } from './model/token-life.ts';
import type { Protocol } from './model/protocol.ts';
import { commitChange, endChange, failChange, type Claim, type RecordChange } from './model/record-change.ts';
import { backoffMs } from './model/refresh-policy.ts';
import type { MisconfiguredFailure, RefreshOutcome, TransientFailure } from './model/refresh-outcome.ts';
import type { SignedInState } from './model/session-state.ts';
import type { SharedFailure, SignedInRecord } from './model/storage-record.ts';
import { isUsable } from './model/token-verdict.ts';
import type { Platform } from './platform.ts';
import type { SessionStore } from './session-store.ts';
import { askTokenEndpoint } from './token-endpoint.ts';

/** A holder of the lock has its own deadlines for asking and storing; past them it must be frozen or dead. */
const LOCK_WAIT_MS = 20_000;

/** Refreshes sessions, each at most once at a time over all tabs. */
export interface Refresher {
  /** Starts or joins the refresh of a session; settles when it is over, whatever came of it, and never rejects. */
  readonly refresh: (stale: SignedInState) => Promise<void>;
}

/**
 * Creates the refresher: share, lock, re-read, ask, compare-and-set, announce.
 *
 * @param key names the session's storage and lock
 */
export function createRefresher(platform: Platform, protocol: Protocol, store: SessionStore, key: string): Refresher {
  const running = new Map<string, Promise<void>>();

  function refresh(stale: SignedInState): Promise<void> {
    const { sessionId } = stale.record.session;
    const joined = running.get(sessionId);
    if (joined) return joined;
    const started = Promise.resolve()
      .then(() => withLock(sessionId, () => refreshLocked(stale.record)))
      .catch((error: unknown) => noteFailure(stale.record, unexpected(error)))
      .finally(() => {
        running.delete(sessionId);
        store.dispatch({ type: 'refreshAbandoned', sessionId });
      });
    running.set(sessionId, started);
    store.dispatch({ type: 'refreshStarted', sessionId });
    return started;
  }

  /** Locks are the session's own: a refresh that hangs for one user keeps the next one waiting for nothing. */
  function withLock(sessionId: string, task: () => Promise<void>): Promise<void> {
    if (!platform.locks) return task();
    let entered: Promise<void> | null = null;
    const enter = () => (entered = task());
    // A browser may have locks and refuse them, as in a sandboxed frame.
    return platform.locks.hold(`${key}:${sessionId}`, LOCK_WAIT_MS, enter).catch(() => entered ?? task());
  }

  async function refreshLocked(stale: SignedInRecord): Promise<void> {
    await store.sync();
    const state = store.getState();
    if (state.status !== 'signedIn' || state.record.session.sessionId !== stale.session.sessionId) return;
    if (isSettledElsewhere(state, stale)) return;
    store.dispatch({ type: 'refreshStarted', sessionId: stale.session.sessionId });
    await ask(state.record);
  }

  /** Another tab was faster: its token is adopted, or its failure is waited out. */
  function isSettledElsewhere(state: SignedInState, stale: SignedInRecord): boolean {
    if (state.record.session.generation !== stale.session.generation) return isUsable(state, 0, platform.now());
    const { failure } = state.record;
    return failure !== null && (failure.attempt !== stale.failure?.attempt || failure.failedAt !== stale.failure.failedAt);
  }

  async function ask(record: SignedInRecord): Promise<void> {
    const { tokens, receipt } = record.session;
    if (tokens.refreshToken === undefined) return;
    const request = protocol.refreshRequest(tokens.refreshToken);
    const { outcome, facts } = await askTokenEndpoint(platform, request, receipt.clockOffset, (answer) =>
      protocol.readRefresh(answer, tokens),
    );
    if (outcome.kind === 'granted') {
      const renewed = receiptOf(outcome.tokens, { ...facts, knownOffset: receipt.clockOffset, fresh: true });
      await store.write(commitChange(claimOf(record), outcome.tokens, renewed));
    } else await noteFailure(record, outcome);
  }

  async function noteFailure(record: SignedInRecord, failure: Exclude<RefreshOutcome, { kind: 'granted' }>): Promise<void> {
    const change: RecordChange =
      failure.kind === 'final'
        ? endChange(claimOf(record), failure.reason)
        : failChange(claimOf(record), sharedFailure(record.failure, failure));
    await store.write(change);
  }

  function sharedFailure(last: SharedFailure | null, failure: TransientFailure | MisconfiguredFailure): SharedFailure {
    const attempt = (last?.attempt ?? 0) + 1;
    const retryAfterMs = failure.kind === 'transient' ? failure.retryAfterMs : null;
    return {
      kind: failure.kind,
      attempt,
      failedAt: platform.now().wall,
      delayMs: backoffMs(attempt, platform.random(), retryAfterMs),
      askedByServer: retryAfterMs !== null,
      detail: failure.detail,
    };
  }

  return { refresh };
}

function claimOf({ session }: SignedInRecord): Claim {
  return { sessionId: session.sessionId, generation: session.generation };
}

// Such as a protocol that throws while it is asked: the session is not to blame, and the backoff keeps it from looping.
function unexpected(error: unknown): TransientFailure {
  const name = error instanceof Error ? error.name : 'unknown error';
  return { kind: 'transient', cause: 'refused', retryAfterMs: null, detail: `The refresh broke off (${name}).` };
}
