import type { Answer } from './answer.ts';
import type { RefreshOutcome } from './refresh-outcome.ts';
import type { TokenSet } from './token-set.ts';

/** A request to a token endpoint, as data. The client sends it. */
export interface TokenRequest {
  readonly url: string;
  readonly method: 'POST' | 'GET';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The request header that carries the access token. */
export interface TokenHeader {
  readonly name: string;
  /** Returns the value of the header, such as `Token …`. */
  readonly value: (accessToken: string) => string;
}

/** Whether an API answer could reject the access token. `header` returns a response header by its name. */
export type MayReject = (status: number, header: (name: string) => string | null) => boolean;

/** The header of RFC 6750 section 2.1. */
export const BEARER_HEADER: TokenHeader = { name: 'authorization', value: (accessToken) => `Bearer ${accessToken}` };

/**
 * Everything about one API that the client needs, as pure functions.
 *
 * @see the `bonfire` protocol for a complete one
 */
export interface Protocol {
  readonly name: string;
  /** The base of relative calls, such as `https://api.bonfire.camp/v1`. */
  readonly baseUrl: string;
  /** The origins that may receive the access token. */
  readonly resourceOrigins: readonly string[];
  /**
   * The addresses of token endpoints that are not at the origin of `baseUrl`. A grant may go to their origins.
   *
   * Calls send no access token there.
   */
  readonly tokenEndpoints?: readonly string[] | undefined;
  /** Creates the request for a refresh. */
  readonly refreshRequest: (refreshToken: string) => TokenRequest;
  /** Reads the answer to a refresh. `previous` supplies what the answer leaves out. */
  readonly readRefresh: (answer: Answer, previous: TokenSet) => RefreshOutcome;
  /**
   * Whether an API answer with this status and these headers could reject the access token.
   *
   * If it could, the client reads the body before the call resolves, for up to 10 s and 64 KiB.
   */
  readonly mayReject: MayReject;
  /** The response header that `isRejection` needs. In development, a 401 without it is reported. */
  readonly rejectionHeader?: string | undefined;
  /**
   * Whether an API answer rejects the access token.
   *
   * The answer to HEAD has no body, so its 401 counts as a rejection if the session has a refresh token and `rejectionHeader` is
   * not set.
   */
  readonly isRejection: (answer: Answer) => boolean;
  /**
   * The header that carries the access token. Default: `Authorization: Bearer …`.
   *
   * At a redirect to another origin, browsers remove `Authorization` only. With any other header, a call rejects with the
   * `TypeError` of `redirect: 'error'` instead of following a redirect, because the other origin would get the token.
   */
  readonly tokenHeader?: TokenHeader | undefined;
  /** The value of the token's header in a call while no user is signed in, or `null` if such a call needs a session. */
  readonly anonymousAuthorization: (method: string) => string | null;
  /** Creates the request that revokes the tokens at sign-out. Leave it out if the API has no revocation. */
  readonly revokeRequest?: (tokens: TokenSet) => TokenRequest;
}
