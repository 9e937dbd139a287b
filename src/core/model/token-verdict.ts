import { AuthError } from './auth-error.ts';
import type { Instant } from './instant.ts';
import { clampDelay, dueInMs, LATEST_SPREAD, leadMs } from './refresh-policy.ts';
import type { EndReason } from './refresh-outcome.ts';
import type { SessionState, SignedInState } from './session-state.ts';
import { refreshError } from './snapshot.ts';
import { remainingMs } from './token-life.ts';

/** What a call should do now. */
export type TokenVerdict =
  | { readonly kind: 'use'; readonly state: SignedInState }
  | { readonly kind: 'refresh'; readonly state: SignedInState }
  | { readonly kind: 'wait' }
  | { readonly kind: 'fail'; readonly error: AuthError };

const WAIT: TokenVerdict = { kind: 'wait' };

/**
 * Decides whether a call may go out with the session's token, must wait for another, or has no hope.
 *
 * @param sessionId the session the call belongs to; `null` while it belongs to none yet
 * @param rejectedGeneration the generation whose access token the API has rejected; `null` when none was
 * @param minValidityMs how long the token shall be usable at least
 * @param patienceMs how long the call is still willing to wait
 */
export function judge(
  state: SessionState,
  sessionId: string | null,
  rejectedGeneration: number | null,
  minValidityMs: number,
  patienceMs: number,
  at: Instant,
): TokenVerdict {
  if (state.status === 'loading') return WAIT;
  if (state.status === 'signedOut') return { kind: 'fail', error: noSessionError(state.record.endReason, sessionId) };
  const { refresh, record: { session } } = state;
  if (sessionId !== null && session.sessionId !== sessionId) return { kind: 'fail', error: sessionChanged() };
  const rejected = session.generation === rejectedGeneration;
  if (!rejected && isUsable(state, minValidityMs, at)) return { kind: 'use', state };
  if (refresh.state === 'idle') return { kind: 'refresh', state };
  if (refresh.state === 'running') return WAIT;
  if (!rejected && isUsable(state, 0, at)) return { kind: 'use', state };
  if (refresh.state === 'waiting') {
    const left = remainingMs(refresh.wait, at);
    if (left <= 0) return { kind: 'refresh', state };
    if (left <= patienceMs) return WAIT;
  }
  return { kind: 'fail', error: refreshError(refresh) ?? sessionChanged() };
}

/** Whether the access token can be sent: it lives, or it cannot be renewed and the API shall decide. */
export function isUsable(state: SignedInState, minValidityMs: number, at: Instant): boolean {
  const { tokens, receipt } = state.record.session;
  if (tokens.refreshToken === undefined) return true;
  // No refresh can give more than a whole life, so asking for more must not loop.
  const demanded = Math.min(minValidityMs, (receipt.lifetimeMs ?? 0) / 2);
  return remainingMs(state.life, at) > demanded;
}

/** How long until this tab should refresh of its own accord, ms; `null` when there is nothing to do. */
export function nextRefreshInMs(state: SessionState, longestLeadMs: number, spread: number, at: Instant): number | null {
  if (state.status !== 'signedIn' || state.record.session.tokens.refreshToken === undefined) return null;
  if (state.refresh.state === 'running' || state.refresh.state === 'blocked') return null;
  if (state.refresh.state === 'waiting') return clampDelay(remainingMs(state.refresh.wait, at));
  const lead = leadMs(state.record.session.receipt.lifetimeMs, longestLeadMs);
  return dueInMs(remainingMs(state.life, at), lead, spread);
}

/** Whether a refresh is welcome behind the back of a call, because expiry is near and the timers are late. */
export function isInLeadWindow(state: SignedInState, longestLeadMs: number, at: Instant): boolean {
  return state.refresh.state === 'idle' && nextRefreshInMs(state, longestLeadMs, LATEST_SPREAD, at) === 0;
}

/** The error of a call whose user is no longer the one it was made for. */
export function sessionChanged(): AuthError {
  return new AuthError('session_changed', 'The user signed out or changed during the call; make it again.');
}

/** The error of whatever needs a user while there is none. */
export function signedOut(endReason: EndReason | null): AuthError {
  return new AuthError('signed_out', 'Nobody is signed in; call `signIn` first.', { endReason });
}

function noSessionError(endReason: EndReason | null, sessionId: string | null): AuthError {
  if (sessionId === null) return signedOut(endReason);
  if (endReason === 'sign_out' || endReason === null) return sessionChanged();
  return new AuthError('session_ended', `The session ended during the call (${endReason}); sign in again.`, { endReason });
}
