import type { AuthClient } from './auth-client.ts';
import type { confirmByCookie } from './confirm-by-cookie.ts';
import { inspectorOf } from './inspector.ts';
import type { EndReason } from './model/refresh-outcome.ts';
import { LOADING_SNAPSHOT, type AuthSnapshot } from './model/snapshot.ts';
import type { CookieParts } from './session/cookie-parts.ts';

/** The session as a server saw it when it rendered the page. A `SessionSnapshot` of `unexpired/server` is one. It has no token. */
export interface InitialSession {
  readonly status: 'signedIn' | 'signedOut';
  /** The public name of the session. */
  readonly session?: string | null | undefined;
  /** The user, as the protocol of the server names them. */
  readonly subject?: string | null | undefined;
  readonly endReason?: EndReason | null | undefined;
  /** True if the browser may have a session that its request did not show. The page then asks. */
  readonly isUncertain?: boolean | undefined;
}

/** Converts the session of a server to a snapshot, which a page shows until its client is no longer loading. */
export function initialSnapshot({ status, session, subject, endReason = null }: InitialSession): AuthSnapshot {
  const tokens = { accessToken: '', expiresAt: null, scopes: [], extra: { session, subject } };
  return { ...LOADING_SNAPSHOT, status, endReason, tokens: status === 'signedIn' ? tokens : null };
}

/** The parts that `inCookie` brings, with the one for a page that a server has rendered. */
export interface PageParts extends CookieParts {
  readonly confirmByCookie: typeof confirmByCookie;
}

/**
 * Asks the API once if storage has another session than the one that the server saw. If neither has one, it asks nothing.
 *
 * It never rejects.
 */
export async function confirmSession(client: AuthClient, initial: InitialSession): Promise<void> {
  const { door } = inspectorOf(client);
  const parts = door.protocol.refreshCookie?.parts as PageParts | undefined; // Only `inCookie` makes them.
  await parts?.confirmByCookie(door, initial);
}
