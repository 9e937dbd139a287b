import { AuthError, sessionChanged, signedOut } from './auth-error.ts';
import type { Instant } from './instant.ts';
import { hasAccessToken } from './own-token.ts';
import { clampDelay, dueInMs, LATEST_SPREAD, leadMs } from './refresh-policy.ts';
import type { EndReason } from './refresh-outcome.ts';
import type { SessionState, SignedInState } from './session-state.ts';
import { refreshError, refusedError } from './snapshot.ts';
import { accessGenerationOf, isPresumed } from './storage-record.ts';
import { isRenewable } from './token-set.ts';
import { anchorOf, refreshLifetimeMs, remainingMs } from './token-life.ts';

/** The requirements of a call for its token. */
export interface TokenRequirement {
  /** The session that the call belongs to; `null` while it belongs to none yet. */
  readonly sessionId: string | null;
  /** The generation that brought the access token that the API has rejected; `null` if it rejected none. */
  readonly rejectedGeneration: number | null;
  /** Whether the app, and not the API, wants another token. Then the session does not end before its access token. */
  readonly isByApp?: boolean | undefined;
  /** Whether the call repeats the restore of a session that is blocked. */
  readonly mayRestore?: boolean | undefined;
  /** How long the token must remain valid, ms. */
  readonly minValidityMs: number;
  /** Whether the call starts no refresh before its time: it has done so once, or the user cannot see the page. */
  readonly hasHurried?: boolean | undefined;
  /** How long the call will still wait, ms. */
  readonly patienceMs: number;
}

/** The next step of a call. */
export type TokenDecision =
  | { readonly kind: 'use'; readonly state: SignedInState }
  | { readonly kind: 'refresh'; readonly state: SignedInState }
  /** Until the next change, or until this time is over. */
  | { readonly kind: 'wait'; readonly ms?: number }
  | { readonly kind: 'fail'; readonly error: AuthError };

const WAIT: TokenDecision = { kind: 'wait' };

/** Decides whether a call uses the session's token, starts a refresh, waits, or fails. */
export function decide(state: SessionState, { sessionId, rejectedGeneration, isByApp, mayRestore, hasHurried, minValidityMs, patienceMs }: TokenRequirement, at: Instant): TokenDecision {
  if (state.status === 'loading') return WAIT;
  if (state.status === 'signedOut') return { kind: 'fail', error: noSessionError(state.record.endReason, sessionId) };
  const { refresh, record: { session, endsAs } } = state;
  if (sessionId !== null && session.sessionId !== sessionId) return { kind: 'fail', error: sessionChanged() };
  if (isByApp && isRefreshOver(state, at) && isUsable(state, 0, at)) return { kind: 'fail', error: refusedError(endsAs ?? 'expired') };
  const rejected = accessGenerationOf(session) === rejectedGeneration;
  if (!rejected && isUsable(state, minValidityMs, at)) return { kind: 'use', state };
  if (refresh.state === 'idle') return { kind: 'refresh', state };
  if (refresh.state === 'running') return WAIT;
  if (!rejected && isUsable(state, 0, at)) return { kind: 'use', state };
  if (refresh.state === 'waiting') {
    const { failure: { delayMs, callerDelayMs }, wait } = refresh;
    const hurriedMs = hasHurried ? 0 : delayMs - (callerDelayMs ?? delayMs);
    const left = isRefreshOver(state, at) ? 0 : remainingMs(wait, at) - hurriedMs;
    if (left <= 0) return { kind: 'refresh', state };
    if (left <= patienceMs) return { kind: 'wait', ms: clampDelay(left) };
  }
  if (mayRestore && refresh.state === 'blocked' && refresh.failure && isPresumed(session)) return { kind: 'refresh', state };
  return { kind: 'fail', error: refreshError(refresh) ?? sessionChanged() };
}

/** Whether the access token can be sent: it has not expired, or it cannot be refreshed, so the API has to decide. */
export function isUsable(state: SignedInState, minValidityMs: number, at: Instant): boolean {
  const { tokens, receipt } = state.record.session;
  if (isPresumed(state.record.session)) return false;
  if (!isRenewable(tokens) && !state.record.endsAs) return hasAccessToken(state.record.session);
  // A refresh cannot give more than a whole life, so asking for more must not loop.
  const demanded = isRefreshOver(state, at) ? 0 : Math.min(minValidityMs, (receipt.lifetimeMs ?? 0) / 2);
  return remainingMs(state.life, at) > demanded;
}

/**
 * Whether the session ends with its access token, because the API refused the refresh token, or its end has passed.
 *
 * That end counts only if the answer of the tokens showed the API's time, and by the monotonic clock of a tab that has had
 * the tokens all the time. In any other case the API decides, because a wrong wall clock must not end a session.
 */
export function isRefreshOver({ record: { session, endsAs }, life }: SignedInState, at: Instant): boolean {
  return endsAs !== undefined || (session.receipt.isClockMeasured === true && at.monotonic - life.monotonic >= refreshLifetimeMs(session));
}

/** How long until this tab refreshes by its timer, ms; `null` if there is nothing to do. */
export function nextRefreshInMs(state: SessionState, longestLeadMs: number, spread: number, at: Instant): number | null {
  if (state.status !== 'signedIn' || (!isRenewable(state.record.session.tokens) && !state.record.endsAs)) return null;
  if (state.refresh.state === 'running' || state.refresh.state === 'blocked') return null;
  const { session } = state.record;
  const { receivedAt, lifetimeMs } = session.receipt;
  const left = remainingMs(state.life, at);
  if (isRefreshOver(state, at)) return dueInMs(left, 0, 0);
  if (state.refresh.state === 'waiting') return clampDelay(remainingMs(state.refresh.wait, at));
  const refreshMs = refreshLifetimeMs(session);
  const due = dueInMs(left, leadMs(lifetimeMs, longestLeadMs), spread);
  const refreshDue = dueInMs(remainingMs(anchorOf(receivedAt, refreshMs, state.life), at), leadMs(refreshMs, longestLeadMs), spread);
  return due === null || refreshDue === null ? due ?? refreshDue : Math.min(due, refreshDue);
}

/** Whether a call starts a refresh in the background, because the token expires soon and no timer has done so. */
export function isInLeadWindow(state: SignedInState, longestLeadMs: number, at: Instant): boolean {
  return state.refresh.state === 'idle' && nextRefreshInMs(state, longestLeadMs, LATEST_SPREAD, at) === 0;
}

/** Creates the error of a call whose session has ended, or that never had one. */
export function noSessionError(endReason: EndReason | null, sessionId: string | null): AuthError {
  if (sessionId === null) return signedOut(endReason);
  if (endReason === 'sign_out' || endReason === null) return sessionChanged();
  return new AuthError('session_ended', `The session ended during the call (${endReason}); sign in again.`, { endReason });
}
