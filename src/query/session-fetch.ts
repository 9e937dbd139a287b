import type { AuthClient } from '../core/auth-client.ts';
import { sessionChanged, signedOut } from '../core/model/auth-error.ts';

/** The member that is added to TanStack's context. */
export interface AuthedContext {
  /** The client's `fetch` for one session. After the end of that session it rejects with `session_changed`. */
  readonly authedFetch: typeof globalThis.fetch;
}

/**
 * Returns a `fetch` for the current session.
 *
 * @throws AuthError `signed_out` if no user is signed in, because the request is meant for a user; `disposed`
 */
export async function sessionFetch(client: AuthClient): Promise<typeof globalThis.fetch> {
  const { sessionId, endReason } = await client.ready();
  if (sessionId === null) throw signedOut(endReason);
  return async (input, ...init) => {
    if (client.getSnapshot().sessionId !== sessionId) throw sessionChanged();
    return client.fetch(input, ...init);
  };
}
