import type { AuthClient } from './auth-client.ts';
import { sessionChanged } from './model/auth-error.ts';
import { noSessionError } from './model/token-decision.ts';

/**
 * Creates a function that returns an `AbortSignal` of the current session.
 *
 * The signal aborts as soon as this tab reads that the session has ended, in whichever tab that was. A refresh does not
 * abort it. Without it, a request that is in flight is finished, such as an upload in one tab after the sign-out in another.
 *
 * @param client the client whose session is meant; call this once, beside `createAuthClient`
 * @returns a function for each call. While the page loads, its signal belongs to the first user who is signed in. While no user
 * is, the signal is already aborted. The reason is an `AuthError`: `signed_out`, `session_ended` or `session_changed`
 * @example
 * ```ts
 * import { createSessionSignal, type AuthClient } from 'unexpired/core';
 * function uploads(auth: AuthClient) {
 *   const sessionSignal = createSessionSignal(auth);
 *   return (body: File, cancel: AbortSignal) =>
 *     auth.fetch('/files', { method: 'POST', body, signal: AbortSignal.any([sessionSignal(), cancel]) });
 * }
 * ```
 */
export function createSessionSignal({ getSnapshot, subscribe }: Pick<AuthClient, 'getSnapshot' | 'subscribe'>): () => AbortSignal {
  let current: AbortSignal | null = null;

  function follow(): AbortSignal {
    const controller = new AbortController();
    let owner: string | null = null;
    const check = () => {
      const { status, endReason, sessionId } = getSnapshot();
      if (status === 'loading') return;
      owner ??= sessionId; // The first user who is signed in.
      if (status === 'signedIn' && sessionId === owner) return;
      release();
      controller.abort(status === 'signedOut' ? noSessionError(endReason, owner) : sessionChanged());
    };
    const release = subscribe(check);
    check();
    return controller.signal;
  }

  // All calls of a session share one signal, so that a call adds no listener to the client.
  return () => (current = current && !current.aborted ? current : follow());
}
