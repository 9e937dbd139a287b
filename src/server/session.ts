import type { EndReason } from '../core/model/refresh-outcome.ts';
import { expiryOf } from '../core/model/snapshot.ts';
import type { AccessTokenOptions } from '../core/request/access-token.ts';
import type { SessionClient } from './session-client.ts';
import type { SessionCookie } from './session-cookie.ts';
import { knownEnds, type SessionEnds } from './session-limit.ts';
import { nameOf } from './session-id.ts';

/** A session at one moment. It has no token, so it can be logged and sent to the page. */
export interface SessionSnapshot {
  readonly status: 'signedIn' | 'signedOut';
  /**
   * The public name of the session, equal on all instances; `null` while signed out. It is not secret, and no cookie can be made of it.
   * A page sends it as `x-session`.
   */
  readonly session: string | null;
  /** The user, as `subjectOf` of the protocol names them; `null` if it does not, and while signed out. */
  readonly subject: string | null;
  /** When the access token expires, epoch ms by the store's clock; `null` if that is not known, and while signed out. */
  readonly expiresAt: number | null;
  /** Why the session ended; `null` if there was none, and while signed in. */
  readonly endReason: EndReason | null;
  /** When the session ends; left out if no end is known, and while signed out. */
  readonly ends?: SessionEnds | undefined;
  /**
   * True if the request has no session id, and the browser may have kept it back because another site has linked to the page. Pages
   * that get this snapshot as `initialSession` then ask. Never true if the request has `Sec-Fetch-Site`, and another value than `cross-site`.
   */
  readonly isUncertain?: true | undefined;
}

/** The session of one request. Every member works when it is passed around by itself. */
export interface ServerSession {
  /** Returns the session as this instance has last read it. */
  readonly snapshot: () => SessionSnapshot;
  /**
   * `fetch` with the access token of the session. It refreshes an expired token first, and waits for that for 10 s at most. If
   * the API rejects the token, it refreshes and sends the request once more.
   *
   * @throws AuthError `signed_out`, `session_ended` and `session_changed` (answer 401); `refresh_unavailable` and
   * `storage_unavailable` (answer 503); `origin_not_allowed`, `misconfigured`; `fetch`'s own errors. `errorResponse` makes the answer
   */
  readonly fetch: typeof globalThis.fetch;
  /**
   * Resolves to an access token that can be used now. If necessary, it waits for the one refresh, for 10 s at most.
   *
   * @throws AuthError as `fetch`
   */
  readonly getAccessToken: (options?: AccessTokenOptions) => Promise<string>;
  /**
   * Ends the session for all instances, and revokes its tokens if the protocol can.
   *
   * @returns the `Set-Cookie` that removes the id from the browser
   * @throws AuthError `storage_unavailable` if the store could not remove the session
   */
  readonly signOut: () => Promise<{ readonly setCookie: string }>;
}

/** Returns the session as this instance has last read it. */
export function snapshotOf({ key, store, limits }: Pick<SessionClient, 'key' | 'store' | 'limits'>): SessionSnapshot {
  const snapshot = store.getSnapshot();
  const state = store.getState();
  const ends = knownEnds(state, limits);
  const isSignedIn = snapshot.status === 'signedIn' && state.status === 'signedIn'; // Its time may be over.
  return {
    status: isSignedIn ? 'signedIn' : 'signedOut',
    session: isSignedIn ? nameOf(key) : null,
    subject: state.status === 'signedIn' ? state.record.session.subject ?? null : null,
    expiresAt: expiryOf(snapshot),
    endReason: snapshot.endReason,
    ...(ends && { ends }),
  };
}

/**
 * Creates the session that an app gets.
 *
 * @param isUncertain whether the browser may have a session that its request did not show
 */
export function createSession(client: SessionClient, { removal }: Pick<SessionCookie, 'removal'>, isUncertain = false): ServerSession {
  const { store } = client;
  return {
    snapshot: () => ({ ...snapshotOf(client), ...(isUncertain && { isUncertain }) }),
    fetch: client.fetch,
    getAccessToken: (options) => client.getAccessToken(options),
    async signOut() {
      if (store.getState().status === 'signedIn') await client.signOut();
      else if (client.key !== '') await client.remove(); // The row of a session that the API has ended says why. It has no tokens.
      return { setCookie: removal };
    },
  };
}
