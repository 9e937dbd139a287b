import type { Answer } from './answer.ts';
import type { Proofs } from './proofs.ts';
import type { RecordChange } from './record-change.ts';
import type { RefreshOutcome } from './refresh-outcome.ts';
import type { Session, StorageRecord } from './storage-record.ts';
import type { TokenSet } from './token-set.ts';

/** How the browser keeps the refresh token: in an HttpOnly cookie of the token endpoint. `inCookie` makes it. It brings its own code, so an app without such a cookie loads none. */
export interface RefreshCookie {
  /** The header that shows the API that a script of the app has sent the request, because a form of another site cannot send it. */
  readonly csrfHeader: CsrfHeader;
  /** The name of a cookie that scripts can read, and that exists exactly while the refresh token does. */
  readonly hint?: string | undefined;
  /**
   * Returns the anti-CSRF header for a request.
   *
   * @internal
   */
  readonly headers: (page: CookieReader) => Readonly<Record<string, string>>;
  /**
   * Reads the answer to a refresh.
   *
   * @internal
   */
  readonly outcomeOf: (outcome: RefreshOutcome, answer: Answer, session: Session, platform: { readonly warn: (text: string) => void }) => RefreshOutcome;
  /**
   * Returns the change that presumes a session, if a page that has just loaded asks the API for one; `null` if it does not ask.
   *
   * @internal
   */
  readonly presume: (stored: StorageRecord, page: CookieReader & { readonly randomId: () => string }) => RecordChange | null;
  /**
   * The parts of a client that only such a cookie needs: see `CookieParts`.
   *
   * @internal
   */
  readonly parts: object;
}

/** The part of a platform that reads the cookies of the page. */
export interface CookieReader {
  readonly readCookie?: (name: string) => string | null;
}

/** A header with a constant value, or with the value of a cookie that scripts can read (double submit). */
export type CsrfHeader = { readonly name: string; readonly value: string } | { readonly name: string; readonly cookie: string };

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
  /** True if the value is no secret. A redirect may then carry the header to another origin. */
  readonly isPublic?: true | undefined;
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
  /** The base of token requests whose `url` is a path: an address, or `/` for the page. Default: `baseUrl`. */
  readonly endpointBase?: string | undefined;
  /** The address of the session's events, if a server sends them. `watchServer` of `unexpired/via-server` reads them. */
  readonly eventsPath?: string | undefined;
  /** The origins that may receive the access token. */
  readonly resourceOrigins: readonly string[];
  /**
   * The addresses of token endpoints that are not at the origin of `baseUrl`. A grant may go to their origins.
   *
   * Calls send no access token there.
   */
  readonly tokenEndpoints?: readonly string[] | undefined;
  /**
   * Set if the refresh token is in a cookie. Each token request must then be a `POST`. It has the cookies of the endpoint
   * and the anti-CSRF header. Calls have neither.
   */
  readonly refreshCookie?: RefreshCookie | undefined;
  /**
   * Where access tokens are, if the protocol decides that. Default: the client's `accessToken` decides.
   *
   * With `memory`, each tab gets its own. With `server`, a server keeps them: `accessToken` of a token set is then the public name of
   * the session, which is no secret. Snapshots do not show it, and no call is sent without a session.
   */
  readonly accessToken?: 'memory' | 'server' | undefined;
  /**
   * Creates the request for a refresh. The refresh token is `''` if the cookie has it. The client also passes the tokens of this tab, whose
   * access token is `''` if the tab has none.
   */
  readonly refreshRequest: (refreshToken: string, tokens?: TokenSet) => TokenRequest;
  /**
   * Reads the answer to a refresh. `previous` supplies what the answer leaves out. It has no refresh token if the protocol has `refreshCookie`,
   * because the answer then leaves it in the cookie.
   */
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
  /** Binds the tokens to a key, such as `dpop()` of `unexpired/dpop`. Default: tokens can be used without a key. */
  readonly proofs?: Proofs | undefined;
  /** The value of the token's header in a call while no user is signed in, or `null` if such a call needs a session. */
  readonly anonymousAuthorization: (method: string) => string | null;
  /**
   * Returns the name of the user that tokens are for, or `null` if they do not say. If a refresh brings the tokens of another user, they
   * start another session, so that no call of the former user is sent with them.
   */
  readonly subjectOf?: (tokens: TokenSet) => string | null;
  /**
   * Creates the request that revokes the tokens at sign-out. If the refresh token is in a cookie, the answer must remove the cookie.
   * Leave it out if the API has no revocation.
   */
  readonly revokeRequest?: (tokens: TokenSet) => TokenRequest;
  /**
   * With `refreshCookie`, returns what storage keeps of the tokens until a sign-out has its answer. A later page that repeats the request
   * passes it as `extra`. It must contain no secret. Default: nothing.
   */
  readonly keptAtSignOut?: (tokens: TokenSet) => TokenSet['extra'];
}
