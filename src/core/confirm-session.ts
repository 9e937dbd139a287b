import type { AuthClient } from './auth-client.ts';
import { inspectorOf } from './inspector.ts';
import type { EndReason } from './model/refresh-outcome.ts';
import { LOADING_SNAPSHOT, type AuthSnapshot } from './model/snapshot.ts';
import { presumeChange } from './model/record-change.ts';
import { accessGenerationOf, isPresumed } from './model/storage-record.ts';

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

/**
 * Asks the API once if storage has another session than the one that the server saw. If neither has one, it asks nothing.
 *
 * It never rejects.
 */
export async function confirmSession(client: AuthClient, initial: InitialSession): Promise<void> {
  const { door: { protocol, platform, store, start, removeCookie, acquireToken } } = inspectorOf(client);
  if (!protocol.refreshCookie) return;
  try {
    // If storage has no session, the cookie still has one. This comes first, so that the page does not show that it is signed out meanwhile.
    const presume = () => store.write(presumeChange(platform.randomId(), true));
    // A write of no change reads storage, and presumes no session. With a hint cookie, that cookie decides.
    const read = () => (initial.isUncertain || protocol.refreshCookie?.hint ? store.sync() : store.write((current) => current));
    const expected = initial.status === 'signedIn' ? presume() : read();
    start();
    await expected;
    const found = store.getState();
    if (initial.status === 'signedIn' && found.status === 'signedOut' && found.record.clearing && found.record.endedExtra?.['session'] !== initial.session) {
      await removeCookie(); // The sign-out of an earlier session comes first. If it has its answer, the later session can be restored.
      await presume();
    }
    const state = store.getState();
    if (state.status !== 'signedIn' || isPresumed(state.record.session)) return;
    const { session } = state.record;
    if (session.tokens.extra?.['session'] !== initial.session) await acquireToken({ rejectedGeneration: accessGenerationOf(session), isByApp: true });
  } catch {
    // The client shows why.
  }
}
