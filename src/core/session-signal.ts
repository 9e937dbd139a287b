import type { AuthClient } from './auth-client.ts';
import { sessionChanged } from './model/auth-error.ts';
import { noSessionError } from './model/token-decision.ts';

/**
 * Creates a function that returns an `AbortSignal` of the current session.
 *
 * The signal aborts when the session has ended, in this tab or in another one. A refresh does not
 * abort it. Without the signal, an upload in one tab is finished after the sign-out in another.
 *
 * @param client the client whose session is meant; call this once, beside `createAuthClient`
 * @returns a function that returns the signal for a call. While the page loads, the signal is that of the first user who is
 * signed in. While no user is signed in, it is already aborted. Its reason is an `AuthError`: `signed_out`, `session_ended` or
 * `session_changed`
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
  let update: () => void;

  function follow(): AbortSignal {
    const controller = new AbortController();
    let owner: string | null = null;
    const check = (update = () => {
      const { status, endReason, sessionId } = getSnapshot();
      if (status === 'loading') return;
      owner ??= sessionId; // The first user who is signed in.
      if (status === 'signedIn' && sessionId === owner) return;
      release();
      controller.abort(status === 'signedOut' ? noSessionError(endReason, owner) : sessionChanged());
    });
    const release = subscribe(check);
    check();
    return controller.signal;
  }

  // All calls of a session share one signal, so that a call adds no listener to the client.
  return () => {
    if (current) update(); // A listener of the app may run before the one of the signal.
    return (current = current && !current.aborted ? current : follow());
  };
}
