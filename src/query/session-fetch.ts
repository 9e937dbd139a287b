import type { AuthClient } from '../core/auth-client.ts';
import { sessionChanged, signedOut } from '../core/model/auth-error.ts';

/** What an authed function gets beside TanStack's own context. */
export interface AuthedContext {
  /** The client's `fetch`, for one session alone: rejects with `session_changed` once that is over. */
  readonly authedFetch: typeof globalThis.fetch;
}

/**
 * A `fetch` for the session of this moment.
 *
 * @throws AuthError `signed_out` without one: what is written for a user is not sent for nobody
 */
export async function sessionFetch(client: AuthClient): Promise<typeof globalThis.fetch> {
  const { sessionId, endReason } = await client.ready();
  if (sessionId === null) throw signedOut(endReason);
  return async (input, init) => {
    if (client.getSnapshot().sessionId !== sessionId) throw sessionChanged();
    return client.fetch(input, init);
  };
}
