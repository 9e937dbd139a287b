import { AuthError, unavailable } from './auth-error.ts';
import { hasAccessToken } from './own-token.ts';
import type { EndReason } from './refresh-outcome.ts';
import { isUnknown } from './session-reducer.ts';
import type { RefreshState, SessionState } from './session-state.ts';
import type { Receipt } from './token-life.ts';
import { isPresumed } from './storage-record.ts';
import type { TokenSet } from './token-set.ts';

/** The session as an app sees it at one moment. Each change creates a new object; none is ever mutated. */
export interface AuthSnapshot {
  /**
   * `loading` until storage is read, and with the refresh token in a cookie until the API has answered whether there is a session. If the
   * API refuses the app, it is `signedOut`, with `refresh.error`.
   */
  readonly status: 'loading' | 'signedOut' | 'signedIn';
  /** Why the last session ended; `null` if there was none, and while signed in. */
  readonly endReason: EndReason | null;
  /** Names the session, equal in all tabs and not secret. Another id means another sign-in. `null` unless signed in. */
  readonly sessionId: string | null;
  /**
   * The tokens; `null` unless signed in, and with `accessToken: 'memory'` until this tab has got an access token. If a server keeps the
   * access tokens, `accessToken` is `''`.
   */
  readonly tokens: TokenSet | null;
  readonly refresh: RefreshSnapshot;
  /** API clock minus device clock, ms: `tokens.expiresAt - clockOffset` is the expiry by the device's clock. */
  readonly clockOffset: number;
  /** When the tokens were received, epoch ms by the device's clock, and how long they live from then; `null` if `tokens` is. */
  readonly receipt: Receipt | null;
  /** The name of the storage that keeps the session; `memory` if it failed, or if there is no IndexedDB. */
  readonly storage: string;
}

/** The refresh axis: idle, running, waiting for the next attempt, or blocked. If `error.endReason` is set, it stays blocked until the session ends. */
export interface RefreshSnapshot {
  readonly state: RefreshState['state'];
  /** When the next attempt is due, epoch ms by the device's clock; `null` unless waiting. */
  readonly retryAt: number | null;
  /** Why the last attempt failed, also while no user is signed in; `null` unless waiting or blocked. */
  readonly error: AuthError | null;
}

/** The snapshot of a tab before it has read its storage, and of a server at all times. */
export const LOADING_SNAPSHOT: AuthSnapshot = {
  status: 'loading',
  endReason: null,
  sessionId: null,
  tokens: null,
  refresh: { state: 'idle', retryAt: null, error: null },
  clockOffset: 0,
  receipt: null,
  storage: 'none',
};

/**
 * Converts a state to the snapshot of an app.
 *
 * @param isOnServer whether a server keeps the access token. The public name of the session is then in its place, and is no token for an app
 */
export function snapshotOf(state: SessionState, storage: string, isOnServer = false): AuthSnapshot {
  const blank = { ...LOADING_SNAPSHOT, storage };
  if (state.status === 'loading') return blank;
  if (state.status === 'signedOut') return { ...blank, status: 'signedOut', endReason: state.record.endReason };
  const { endsAs, session } = state.record;
  const { sessionId, tokens, receipt } = session;
  const error = endsAs ? refusedError(endsAs) : refreshError(state.refresh);
  const refresh: RefreshSnapshot = { state: endsAs ? 'blocked' : state.refresh.state, retryAt: error?.retryAt ?? null, error };
  if (isPresumed(session)) return { ...blank, status: isUnknown(state) ? 'loading' : 'signedOut', endReason: state.shown?.endReason ?? null, refresh };
  const known: AuthSnapshot = { ...blank, status: 'signedIn', sessionId, refresh, clockOffset: receipt.clockOffset };
  return hasAccessToken(session) ? { ...known, tokens: shownTokens(tokens, isOnServer), receipt } : known;
}

/** Returns the tokens that an app gets. The public name of a session at a server is no token. */
export function shownTokens(tokens: TokenSet, isOnServer: boolean): TokenSet {
  return isOnServer ? { ...tokens, accessToken: '' } : tokens;
}

/** Whether two snapshots show the same. The message of an error is no member that JSON has. */
export function isSameSnapshot(a: AuthSnapshot, b: AuthSnapshot): boolean {
  const [one, other] = [a, b].map((snapshot) => JSON.stringify([snapshot, snapshot.refresh.error?.message]));
  return one === other;
}

const CUT_OFF_DETAIL = 'Storage has a session that this page cannot read, such as one of a newer version; load the page again.';

/** The error of a call while refreshing has failed, or `null` if it has not. */
export function refreshError(refresh: RefreshState): AuthError | null {
  if (refresh.state === 'waiting') {
    const retryAt = refresh.wait.wall + Math.max(0, refresh.wait.leftMs);
    const { detail, wrongEndpoint } = refresh.failure;
    return wrongEndpoint ? unavailable(detail, retryAt, 'misconfigured') : unavailable(`The access token could not be refreshed: ${detail}`, retryAt);
  }
  if (refresh.state === 'blocked') return refresh.failure ? new AuthError('misconfigured', refresh.failure.detail) : new AuthError('refresh_unavailable', CUT_OFF_DETAIL);
  return null;
}

/** The error of a refresh while the access token is used up, because the refresh token cannot be used any more. */
export function refusedError(endReason: EndReason): AuthError {
  return new AuthError('refresh_unavailable', `The API does not accept the refresh token any more (${endReason}); sign in again.`, { endReason });
}

/** When the access token expires, epoch ms by the device's clock; `null` if that is not known. */
export function expiryOf({ tokens, clockOffset }: AuthSnapshot): number | null {
  return typeof tokens?.expiresAt === 'number' ? tokens.expiresAt - clockOffset : null;
}
