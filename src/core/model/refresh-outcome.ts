import type { TokenSet } from './token-set.ts';

/** Why a session ended, kept until the next sign-in. */
export type EndReason =
  | 'sign_out'
  | 'refresh_token_invalid'
  /** The answer to a refresh was lost on its way, and the API accepts the refresh token no more. */
  | 'rotation_lost'
  | 'login_required'
  | 'password_reset_required'
  | 'suspended'
  | 'token_rejected'
  | 'storage_corrupt';

/** What kind of trouble a transient failure is. */
export type TransientCause = 'network' | 'timeout' | 'rate_limited' | 'server_error' | 'invalid_response' | 'refused';

/** The answer says that this refresh token can never work again. */
export interface FinalFailure {
  readonly kind: 'final';
  readonly reason: EndReason;
}

/** The answer says that the app is set up wrongly; asking again cannot help, and the session is not to blame. */
export interface MisconfiguredFailure {
  readonly kind: 'misconfigured';
  /** What is wrong and what to do, without any token. */
  readonly detail: string;
}

/** Everything else: the session stays and the client tries again later. */
export interface TransientFailure {
  readonly kind: 'transient';
  readonly cause: TransientCause;
  /** What `Retry-After` asks for, ms, or `null`. */
  readonly retryAfterMs: number | null;
  /** What happened, without any token. */
  readonly detail: string;
  /** True if the answer points to a wrong address: HTTP 404 or 405, or an HTML page, which no token endpoint sends. */
  readonly wrongEndpoint?: true;
}

/** The three classes of failure of a token endpoint. */
export type RefreshFailure = FinalFailure | MisconfiguredFailure | TransientFailure;

/** What a token endpoint's answer to a refresh means. */
export type RefreshOutcome = { readonly kind: 'granted'; readonly tokens: TokenSet } | RefreshFailure;

/** What a token endpoint's answer to a grant means: token sets by subject (a bot id, a user id), or a failure. */
export type GrantOutcome = { readonly kind: 'granted'; readonly tokens: Readonly<Record<string, TokenSet>> } | RefreshFailure;

/**
 * Classifies an HTTP status that means "later" on any API.
 *
 * @param status HTTP status
 * @param retryAfterMs what `Retry-After` asks for, ms, or `null`
 * @returns a transient failure, or `null` when the status says nothing of the kind
 * @see RFC 9110 section 15.6, RFC 6585 section 4
 */
export function transientStatus(status: number, retryAfterMs: number | null): TransientFailure | null {
  const cause = status === 429 ? 'rate_limited' : status === 408 || status === 425 || status >= 500 ? 'server_error' : null;
  return cause && transient(cause, `The token endpoint answered HTTP ${status}.`, retryAfterMs);
}

/** A token answer that cannot be read: transient, because a proxy's error page must not cost a session. */
export function invalidResponse(problem: string): TransientFailure {
  return transient('invalid_response', `The token answer could not be read: ${problem}.`);
}

/** A failure that time may mend; `detail` says what happened, without any token. */
export function transient(cause: TransientCause, detail: string, retryAfterMs: number | null = null): TransientFailure {
  return { kind: 'transient', cause, retryAfterMs, detail };
}
