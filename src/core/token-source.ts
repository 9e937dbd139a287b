import { AuthError } from './model/auth-error.ts';
import type { SignedInState } from './model/session-state.ts';
import { judge, type TokenDemand } from './model/token-verdict.ts';
import type { Platform, Release } from './platform.ts';
import type { Refresher } from './refresher.ts';
import type { SessionStore } from './session-store.ts';

/** A call waits at most this long for a usable token. */
const PATIENCE_MS = 10_000;

/** What a call may ask for. */
interface TokenWish extends Partial<Omit<TokenDemand, 'patienceMs'>> {
  readonly signal?: AbortSignal | null;
}

/** Gives calls a token that can be used, waiting for the one refresh where there is none. */
export interface TokenSource {
  /**
   * Resolves to a state whose access token can be sent.
   *
   * @throws AuthError `signed_out`, `session_ended`, `session_changed`, `misconfigured`, `refresh_unavailable`, `disposed`;
   * the signal's own reason when the caller aborts
   */
  readonly acquire: (wish: TokenWish) => Promise<SignedInState>;
  /** Rejects whoever still waits. */
  readonly dispose: Release;
}

/** Creates the source over a session's store and refresher. */
export function createTokenSource(platform: Platform, store: SessionStore, refresher: Refresher): TokenSource {
  const waiting = new Set<(error: AuthError) => void>();
  let disposed = false;

  function acquire({ signal, sessionId = null, rejectedGeneration = null, minValidityMs = 0 }: TokenWish): Promise<SignedInState> {
    const startedAt = platform.now().monotonic;
    let owner = sessionId;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (disposed) return reject(disposedError());
      const releases: Release[] = [];
      const settle = (act: () => void) => {
        for (const release of releases.splice(0)) release();
        act();
      };
      const fail = (error: unknown) => settle(() => reject(error));
      const look = () => {
        const at = platform.now();
        const patienceMs = PATIENCE_MS - (at.monotonic - startedAt);
        owner ??= sessionIdOf(store); // Whoever is signed in first is the one who asks; nobody else gets the answer.
        const verdict = judge(store.getState(), { sessionId: owner, rejectedGeneration, minValidityMs, patienceMs }, at);
        if (verdict.kind === 'use') settle(() => resolve(verdict.state));
        else if (verdict.kind === 'fail') fail(verdict.error);
        else if (verdict.kind === 'refresh') void refresher.refresh(verdict.state).then(lookAgain);
      };
      // The refresh that was joined may have been about to end, and about another generation.
      const lookAgain = () => {
        if (waiting.has(fail)) look();
      };
      const onAbort = () => fail(signal?.reason);
      signal?.addEventListener('abort', onAbort);
      waiting.add(fail);
      releases.push(
        () => signal?.removeEventListener('abort', onAbort),
        () => void waiting.delete(fail),
        store.subscribe(look),
        platform.setTimer(() => fail(tooLong(platform.now().wall)), PATIENCE_MS),
      );
      look();
    });
  }

  return {
    acquire,
    dispose() {
      disposed = true;
      for (const fail of [...waiting]) fail(disposedError());
    },
  };
}

/** The error of every call to a client that was disposed of. */
export function disposedError(): AuthError {
  return new AuthError('disposed', 'This client was disposed of; create another one.');
}

/** The session of the moment; `null` while nobody is signed in. */
export function sessionIdOf(store: SessionStore): string | null {
  const state = store.getState();
  return state.status === 'signedIn' ? state.record.session.sessionId : null;
}

function tooLong(now: number): AuthError {
  return new AuthError('refresh_unavailable', `No access token within ${PATIENCE_MS / 1000} s; the refresh goes on, try again.`, {
    transient: true,
    retryAt: now,
  });
}
