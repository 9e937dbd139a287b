import { AuthError, unavailable } from './auth-error.ts';
import type { EndReason } from './refresh-outcome.ts';
import type { RefreshState, SessionState } from './session-state.ts';
import type { Receipt } from './token-life.ts';
import type { TokenSet } from './token-set.ts';

/** What an app can see of a session at one moment; a new object for each change, never changed itself. */
export interface AuthSnapshot {
  readonly status: 'loading' | 'signedOut' | 'signedIn';
  /** Why the last session ended; `null` when there was none, or while signed in. */
  readonly endReason: EndReason | null;
  /** Names the session, the same in all tabs and no secret; another one means another sign-in. `null` unless signed in. */
  readonly sessionId: string | null;
  readonly tokens: TokenSet | null;
  readonly refresh: RefreshSnapshot;
  /** API clock minus device clock, ms: `tokens.expiresAt - clockOffset` is the expiry by the device's clock. */
  readonly clockOffset: number;
  /** When the tokens were received, epoch ms by the device's clock, and how long they live from then; `null` unless signed in. */
  readonly receipt: Receipt | null;
  /** Where the session is kept: what the storage is called, or `memory` once it failed, and where there is no IndexedDB. */
  readonly storage: string;
}

/** The refresh axis: at rest, under way, waiting for the next try, or stopped until the app is mended. */
export interface RefreshSnapshot {
  readonly state: RefreshState['state'];
  /** When the next try is due, epoch ms by the device's clock; `null` unless waiting. */
  readonly retryAt: number | null;
  /** Why the last try failed; `null` unless waiting or blocked. */
  readonly error: AuthError | null;
}

/** What a tab knows before it has read its storage, and all that a server ever knows. */
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

/** Shows a state to the app. */
export function snapshotOf(state: SessionState, storage: string): AuthSnapshot {
  const blank = { ...LOADING_SNAPSHOT, status: state.status, storage };
  if (state.status === 'loading') return blank;
  if (state.status === 'signedOut') return { ...blank, endReason: state.record.endReason };
  const { sessionId, tokens, receipt } = state.record.session;
  const error = refreshError(state.refresh);
  const refresh = { state: state.refresh.state, retryAt: error?.retryAt ?? null, error };
  return { ...blank, sessionId, tokens, refresh, clockOffset: receipt.clockOffset, receipt };
}

/** The error that a call gets while refreshing has failed, or `null` when it has not. */
export function refreshError(refresh: RefreshState): AuthError | null {
  if (refresh.state === 'waiting') {
    const retryAt = refresh.wait.wall + Math.max(0, refresh.wait.leftMs);
    return unavailable(`The access token could not be refreshed: ${refresh.failure.detail}`, retryAt);
  }
  if (refresh.state === 'blocked') return new AuthError('misconfigured', refresh.failure.detail);
  return null;
}
