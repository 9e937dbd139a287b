import type { AuthClient } from '../core/auth-client.ts';
import { sessionChanged, signedOut } from '../core/model/auth-error.ts';

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
  const { sessionId } = client.getSnapshot();
  if (sessionId !== null) return task(sessionFetch(client, sessionId));
  return client.ready().then((known) => {
    if (known.sessionId === null) throw signedOut(known.endReason);
    return task(sessionFetch(client, known.sessionId));
  });
}

function sessionFetch(client: AuthClient, sessionId: string): typeof globalThis.fetch {
  return (input, ...init) => (client.getSnapshot().sessionId === sessionId ? client.fetch(input, ...init) : Promise.reject(sessionChanged()));
}
