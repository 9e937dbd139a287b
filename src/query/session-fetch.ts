import type { AuthClient } from '../core/auth-client.ts';
import { AuthError } from '../core/model/auth-error.ts';
import type { AuthSnapshot } from '../core/model/snapshot.ts';
import { sessionChanged } from '../core/model/token-verdict.ts';

/** What an authed function gets beside TanStack's own context. */
export interface AuthedContext {
  /** The client's `fetch`, for one session alone: rejects with `session_changed` once that is over. */
  readonly authedFetch: typeof globalThis.fetch;
}

/** Resolves as soon as storage has told whether somebody is signed in. */
export function whenKnown(client: AuthClient): Promise<AuthSnapshot> {
  return new Promise((resolve) => {
    const release = client.subscribe(tell);
    function tell(): void {
      const snapshot = client.getSnapshot();
      if (snapshot.status === 'loading') return;
      release();
      resolve(snapshot);
    }
    tell();
  });
}

/**
 * A `fetch` for the session of this moment.
 *
 * @throws AuthError `signed_out` without one: what is written for a user is not sent for nobody
 */
export async function sessionFetch(client: AuthClient): Promise<typeof globalThis.fetch> {
  const { sessionId, endReason } = await whenKnown(client);
  if (sessionId === null) throw signedOut(endReason);
  return async (input, init) => {
    if (client.getSnapshot().sessionId !== sessionId) throw sessionChanged();
    return client.fetch(input, init);
  };
}

export function signedOut(endReason: AuthSnapshot['endReason']): AuthError {
  return new AuthError('signed_out', 'Nobody is signed in; call `signIn` first.', { endReason });
}
