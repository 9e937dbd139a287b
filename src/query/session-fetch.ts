import type { AuthClient } from '../core/auth-client.ts';
import { sessionChanged, signedOut } from '../core/model/auth-error.ts';
import { cacheSessionOf } from './cache-session.ts';

/** The member that is added to TanStack's context. */
export interface AuthedContext {
  /** The client's `fetch` for one session. After the end of that session it rejects with `session_changed`. */
  readonly authedFetch: typeof globalThis.fetch;
}

/**
 * Runs a task with a `fetch` for the current session: in this turn if the session is known, else as soon as it is.
 *
 * TanStack can abort a query only if its function has read `signal`, so the function must not run late.
 *
 * @throws AuthError `signed_out` if no user is signed in, because the request is meant for a user; `disposed`
 */
export function inSession<T>(client: AuthClient, task: (authedFetch: typeof globalThis.fetch) => T | Promise<T>): T | Promise<T> {
  const run = () => {
    const { sessionId } = cacheSessionOf(client);
    if (sessionId === null) throw signedOut(client.getSnapshot().endReason);
    return task((input, ...init) => (cacheSessionOf(client).sessionId === sessionId ? client.fetch(input, ...init) : Promise.reject(sessionChanged())));
  };
  return cacheSessionOf(client).sessionId === null ? client.ready().then(run) : run();
}
