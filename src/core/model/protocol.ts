import type { GrantOutcome, RefreshOutcome } from './refresh-outcome.ts';
import type { TokenSet } from './token-set.ts';

/** A request to a token endpoint, as data: the client sends it. */
export interface TokenRequest {
  readonly url: string;
  readonly method: 'POST' | 'GET';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The values in it that must never show up in an error, such as the refresh token. */
  readonly secrets: readonly string[];
}

/** An answer, as data: what a protocol may look at. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** A response header by name, or `null` when it is absent or not exposed. */
  readonly header: (name: string) => string | null;
  /** The body as text; empty when there is none. */
  readonly body: string;
  /** What `Retry-After` asks for, ms, or `null`. */
  readonly retryAfterMs: number | null;
  /** When it was asked for, epoch ms by the API's clock, as far as that is known: `expires_in` counts from no earlier. */
  readonly now: number;
}

/**
 * A way of getting tokens: how to ask and how to read the answer.
 *
 * @see RFC 6749 section 1.3
 */
export interface Grant {
  readonly request: TokenRequest;
  readonly read: (answer: Answer) => GrantOutcome;
}

/**
 * A wire profile: everything the client must know about one API, as pure functions.
 *
 * @see the `bonfire` protocol for a complete one
 */
export interface Protocol {
  readonly name: string;
  /** Where relative calls go, such as `https://api.bonfire.camp/v1`. */
  readonly baseUrl: string;
  /** Origins that may receive the access token. */
  readonly resourceOrigins: readonly string[];
  /** How to ask for a refresh. */
  readonly refreshRequest: (refreshToken: string) => TokenRequest;
  /** What the answer to a refresh means; `previous` supplies what the answer may leave out. */
  readonly readRefresh: (answer: Answer, previous: TokenSet) => RefreshOutcome;
  /** Whether a resource answer could be a rejection of the access token, by its head alone (no body is read otherwise). */
  readonly mayReject: (status: number) => boolean;
  /** Whether a resource answer is a rejection of the access token. */
  readonly isRejection: (answer: Answer) => boolean;
  /** The `Authorization` value for a call while signed out, or `null` when such a call needs a session. */
  readonly anonymousAuthorization: (method: string) => string | null;
  /** How to revoke the tokens at sign-out; left out where the API has no revocation. */
  readonly revokeRequest?: (tokens: TokenSet) => TokenRequest;
}
