import type { Answer } from './answer.ts';
import { isSecret, type TokenSet } from './token-set.ts';

/** Why a session ended. It is kept until the next sign-in. */
export type EndReason =
  | 'sign_out'
  | 'refresh_token_invalid'
  /** The answer to a refresh was lost, and the API no longer accepts the refresh token. */
  | 'rotation_lost'
  /** The API answered a refresh, the answer could not be read, and the API no longer accepts the refresh token. */
  | 'answer_unreadable'
  /** The API refused the refresh again and again, in words that the protocol does not know. */
  | 'refresh_refused'
  /** A known end has passed: that of the refresh token and of the access token, or the longest time that the server or the app allows. */
  | 'expired'
  /** No activity in any tab for as long as the app allows. */
  | 'idle'
  /** The key that the tokens are bound to is gone from this browser, so no request can be proved (`unexpired/dpop`). */
  | 'key_lost'
  | 'login_required'
  | 'password_reset_required'
  | 'suspended'
  | 'token_rejected'
  | 'storage_corrupt'
  /** A newer version of this package has stored a session, which this page cannot read until it is loaded again. */
  | 'newer_version';

/** The kind of a transient failure. */
export type TransientCause = 'network' | 'timeout' | 'rate_limited' | 'server_error' | 'invalid_response' | 'refused';

/** The answer says that this refresh token can never work again. */
export interface FinalFailure {
  readonly kind: 'final';
  readonly reason: EndReason;
}

/** The answer says that the app is set up wrongly. Asking again cannot help, and the session stays. */
export interface MisconfiguredFailure {
  readonly kind: 'misconfigured';
  /** What is wrong and what to do, without any token. */
  readonly detail: string;
  /** The new refresh token in the answer, if it carries one. The client keeps it, because the former one may be spent. */
  readonly rotatedRefreshToken?: string | undefined;
}

/** Any other failure: the session stays, and the client tries again later. */
export interface TransientFailure {
  readonly kind: 'transient';
  readonly cause: TransientCause;
  /** The wait that `Retry-After` asks for, ms, or `null`. */
  readonly retryAfterMs: number | null;
  /** What happened, without any token. */
  readonly detail: string;
  /** True if the answer points to a wrong address: HTTP 404 or 405, or an HTML page, which no token endpoint sends. */
  readonly wrongEndpoint?: true | undefined;
  /** The new refresh token in the answer, if it carries one. The client keeps it, because the former one may be spent. */
  readonly rotatedRefreshToken?: string | undefined;
}

/** The three classes of failure of a token endpoint. */
export type RefreshFailure = FinalFailure | MisconfiguredFailure | TransientFailure;

/** The meaning of a token endpoint's answer to a refresh. */
export type RefreshOutcome = { readonly kind: 'granted'; readonly tokens: TokenSet } | RefreshFailure;

/** The API refuses a grant, for example a sign-in with a wrong password. */
export interface GrantRefusal {
  readonly kind: 'refused';
  /** The API's own code, such as `invalid_grant`, `wrong_password` or `702`: at most 64 letters, digits, `_`, `.`, `:` and `-`. */
  readonly apiCode: string;
  /** The reason why the API would end a session, if it names one, such as `suspended`. */
  readonly endReason?: EndReason | undefined;
}

/** The meaning of a token endpoint's answer to a grant: token sets by subject (a bot id, a user id), a refusal, or a failure. */
export type GrantOutcome = { readonly kind: 'granted'; readonly tokens: Readonly<Record<string, TokenSet>> } | GrantRefusal | RefreshFailure;

/**
 * Classifies an answer of a token endpoint that granted no tokens.
 *
 * A status that means "later" (408, 425, 429, 5xx) is always transient, because a server in trouble must not end a
 * session.
 *
 * @param answer the answer, as `readRefresh` gets it
 * @param endReason why the session ends, if the answer says that the refresh token can never work again
 * @returns a transient failure for "later"; else a final one if `endReason` is given; else a transient one
 * @see RFC 9110 section 15.6, RFC 6585 section 4
 * @example
 * ```ts
 * import { classifyFailure, type Answer, type RefreshFailure } from 'unexpired/core';
 * const failureOf = (answer: Answer): RefreshFailure => classifyFailure(answer, answer.status === 410 ? 'refresh_token_invalid' : null);
 * ```
 */
export function classifyFailure(answer: Pick<Answer, 'status' | 'retryAfterMs'>, endReason?: EndReason | null): FinalFailure | TransientFailure {
  const { status, retryAfterMs } = answer;
  const later = status === 429 ? 'rate_limited' : status === 408 || status === 425 || status >= 500 ? 'server_error' : null;
  if (endReason && !later) return { kind: 'final', reason: endReason };
  return transient(later ?? 'refused', `The token endpoint answered HTTP ${status}.`, retryAfterMs);
}

/**
 * Creates the failure of an answer that cannot be read.
 *
 * If the answer is a 2xx with a JSON object, it comes from the API itself. The client then sends the refresh token no more
 * until `refresh()` is called, because the API may have replaced it. Any other answer may be the page of a proxy, so the
 * client retries.
 *
 * @param problem what is wrong, without quoting the answer, such as "there is no `access_token`"
 */
export function invalidResponse(problem: string): TransientFailure {
  return transient('invalid_response', `The token answer could not be read: ${problem}.`);
}

/** Creates a transient failure. `detail` says what happened, without any token. */
export function transient(cause: TransientCause, detail: string, retryAfterMs: number | null = null): TransientFailure {
  return { kind: 'transient', cause, retryAfterMs, detail };
}

/**
 * Adds the new refresh token of an answer to a failure, because the former one may be spent.
 *
 * @param refreshToken the member of the answer, unchecked
 */
export function withRotated(outcome: RefreshOutcome, refreshToken: unknown, previous: TokenSet): RefreshOutcome {
  if (outcome.kind === 'granted' || outcome.kind === 'final' || !isSecret(refreshToken) || refreshToken === previous.refreshToken) return outcome;
  return { ...outcome, rotatedRefreshToken: refreshToken };
}
