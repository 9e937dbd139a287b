import { disposedError, throwIfDisposed, unavailable } from '../model/auth-error.ts';
import type { SignedInState } from '../model/session-state.ts';
import { decide, type TokenRequirement } from '../model/token-decision.ts';
import { reasonOf } from '../platform/abort-reason.ts';
import type { Release } from '../platform/platform.ts';
import type { ClientContext } from '../session/client-context.ts';
import type { SessionStore } from '../session/session-store.ts';
import type { Refresh } from './refresher.ts';

/** How long a call waits for a usable token. */
const PATIENCE_MS = 10_000;

/** The requirements of one call, and the signal that ends its wait. */
interface TokenRequest extends Partial<Omit<TokenRequirement, 'patienceMs'>> {
  readonly signal?: AbortSignal | null;
  /** Whether the call waits for a refresh in flight only, and not for the attempt after a failed one. */
  readonly isOptional?: boolean;
}

/**
 * Resolves to a state whose access token can be sent. If there is none, it waits for the one refresh.
 *
 * @throws AuthError `signed_out`, `session_ended`, `session_changed`, `misconfigured`, `refresh_unavailable`, `disposed`;
 * the signal's reason if the caller aborts
 */
export type AcquireToken = (request: TokenRequest) => Promise<SignedInState>;

/** Creates the source of tokens for calls. */
export function createTokenSource({ platform, disposed }: ClientContext, store: SessionStore, refresh: Refresh): AcquireToken {
  const waiting = new Set<(reason: unknown) => void>();
  disposed.addEventListener('abort', () => {
    for (const reject of waiting) reject(disposedError());
  });

  async function acquireToken({ signal = null, sessionId = null, rejectedGeneration = null, isByApp, minValidityMs = 0, isOptional = false }: TokenRequest): Promise<SignedInState> {
    const startedAt = platform.now().monotonic;
    let owner = sessionId;
    let mayRestore = isByApp;
    let hasHurried = isOptional || platform.isHidden?.();
    for (;;) {
      if (signal?.aborted) throw reasonOf(signal);
      throwIfDisposed(disposed);
      const at = platform.now();
      const patienceMs = PATIENCE_MS - (at.monotonic - startedAt);
      owner ??= store.getSessionId(); // The first user who is signed in owns the call.
      const decision = decide(store.getState(), { sessionId: owner, rejectedGeneration, isByApp, mayRestore, hasHurried, minValidityMs, patienceMs: isOptional ? 0 : patienceMs }, at);
      if (decision.kind === 'use') return decision.state;
      if (decision.kind === 'fail') throw decision.error;
      const joined = decision.kind === 'refresh' ? refresh(decision.state) : null;
      mayRestore &&= store.getSnapshot().refresh.state === 'blocked'; // Once a call. The joined refresh may be the one that has just failed.
      hasHurried ||= joined !== null;
      await nextChange(signal, patienceMs, joined, decision.kind === 'wait' ? decision.ms : undefined);
    }
  }

  /** Resolves at the next change of the session, and when a wait is over. Rejects if the caller aborts, the wait is over, or the client is disposed. */
  async function nextChange(signal: AbortSignal | null, patienceMs: number, joined: Promise<void> | null, dueMs?: number): Promise<void> {
    const releases: Release[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        const onAbort = () => reject(signal && reasonOf(signal));
        const onTimeout = () => reject(unavailable('No access token within 10 s. The refresh continues; try again.', platform.now().wall));
        signal?.addEventListener('abort', onAbort);
        waiting.add(reject);
        releases.push(
          () => signal?.removeEventListener('abort', onAbort),
          () => void waiting.delete(reject),
          store.subscribe(resolve),
          platform.setTimer(onTimeout, patienceMs),
          ...(dueMs === undefined ? [] : [platform.setTimer(resolve, dueMs)]),
        );
        void joined?.then(resolve); // A joined refresh may have been about another generation, or about to end.
      });
    } finally {
      for (const release of releases) release();
    }
  }

  return acquireToken;
}
