import { AuthError, unavailable } from '../model/auth-error.ts';
import type { SignedInState } from '../model/session-state.ts';
import { judge } from '../model/token-verdict.ts';
import type { Platform, Release } from '../platform/platform.ts';
import type { Refresh } from './refresher.ts';
import type { SessionStore } from '../session/session-store.ts';

/** A call waits at most this long for a usable token. */
const PATIENCE_MS = 10_000;

/** What a call may ask for. */
interface TokenWish {
  readonly signal?: AbortSignal | null;
  /** The session the call belongs to; `null` while it belongs to none yet. */
  readonly sessionId?: string | null;
  /** The generation whose access token the API has rejected; `null` when none was. */
  readonly rejectedGeneration?: number | null;
  /** How long the token shall be usable at least, ms. */
  readonly minValidityMs?: number;
}

/**
 * Resolves to a state whose access token can be sent, waiting for the one refresh where there is none.
 *
 * @throws AuthError `signed_out`, `session_ended`, `session_changed`, `misconfigured`, `refresh_unavailable`, `disposed`;
 * the signal's own reason when the caller aborts
 */
export type AcquireToken = (wish: TokenWish) => Promise<SignedInState>;

/**
 * Creates the source of tokens for calls, over a session's store and refresher.
 *
 * @param life of the client: whoever still waits at its end gets its reason
 */
export function createTokenSource(platform: Platform, store: SessionStore, refresh: Refresh, life: AbortSignal): AcquireToken {
  const waiting = new Set<(reason: unknown) => void>();
  life.addEventListener('abort', () => {
    for (const reject of waiting) reject(life.reason);
  });

  async function acquireToken({ signal, sessionId = null, rejectedGeneration = null, minValidityMs = 0 }: TokenWish): Promise<SignedInState> {
    const startedAt = platform.now().monotonic;
    let owner = sessionId;
    for (;;) {
      if (signal?.aborted) throw signal.reason;
      life.throwIfAborted();
      const at = platform.now();
      const patienceMs = PATIENCE_MS - (at.monotonic - startedAt);
      owner ??= sessionIdOf(store); // Whoever is signed in first is the one who asks; nobody else gets the answer.
      const verdict = judge(store.getState(), owner, rejectedGeneration, minValidityMs, patienceMs, at);
      if (verdict.kind === 'use') return verdict.state;
      if (verdict.kind === 'fail') throw verdict.error;
      const joined = verdict.kind === 'refresh' ? refresh(verdict.state) : null;
      const releases: Release[] = [];
      try {
        await new Promise<void>((resolve, reject) => {
          const onAbort = () => reject(signal?.reason);
          signal?.addEventListener('abort', onAbort);
          waiting.add(reject);
          releases.push(
            () => signal?.removeEventListener('abort', onAbort),
            () => void waiting.delete(reject),
            store.subscribe(resolve),
            platform.setTimer(() => reject(unavailable(`No access token within ${PATIENCE_MS / 1000} s; the refresh goes on, try again.`, platform.now().wall)), patienceMs),
          );
          void joined?.then(resolve); // It may have been about to end, and about another generation.
        });
      } finally {
        for (const release of releases) release();
      }
    }
  }

  return acquireToken;
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
