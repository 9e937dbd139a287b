import { jwtDecode, type JwtPayload } from 'jwt-decode';
import { requirementOf } from '#words';
import { asObject } from './json.ts';

/** Stands for a refresh token in an HttpOnly cookie. No script can read it; the browser keeps it and sends it. */
export interface InCookie {
  readonly in: 'cookie';
}

/** The one value of {@link InCookie} that the client writes. */
export const IN_COOKIE: InCookie = { in: 'cookie' };

/**
 * The tokens of one session.
 *
 * @see RFC 6749 section 5.1
 */
export interface TokenSet {
  /** The raw access token, which calls send in the token header. */
  readonly accessToken: string;
  /**
   * The raw refresh token, or `{ in: 'cookie' }` if the browser keeps it. Without one the session ends when its access token
   * is rejected.
   *
   * If the protocol has `refreshCookie`, the client reads tokens without a refresh token as `{ in: 'cookie' }`.
   */
  readonly refreshToken?: string | InCookie | undefined;
  /** When the API stops accepting the access token, epoch ms by the API's clock; `null` if unknown. */
  readonly expiresAt: number | null;
  /** The granted scopes, in the order of the answer. */
  readonly scopes: readonly string[];
  /**
   * When the API stops accepting the refresh token, epoch ms by the API's clock, if its answer states that. Default: the
   * `exp` of a JWT.
   *
   * The client refreshes before that time. After it, the refresh token is not sent, and the session ends with its access
   * token. If the answer shows no time of the API (`issuedAt`, `iat` or a readable `Date`), the API decides about that end.
   */
  readonly refreshExpiresAt?: number | undefined;
  /**
   * When the session ends at the latest, epoch ms by the API's clock, if the server states that (`session_expiry`). Tokens without it
   * keep that of the tokens before. It counts if the app calls `limitSession`.
   */
  readonly sessionExpiresAt?: number | undefined;
  /**
   * Further members of the token answer that the protocol keeps, such as `id_token`: a JSON object of at most 16,384
   * characters. It is stored and replaced together with the tokens, and is as secret as they are.
   */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
  /**
   * When the API sent these tokens, epoch ms by the API's clock, if their answer shows it. Default: the `iat` of a JWT.
   *
   * It is used once, to measure the device's clock, and not stored.
   */
  readonly issuedAt?: number | undefined;
}

/** The claims of a JWT: the registered ones of RFC 7519 section 4.1, and those of the API. */
export type Claims = JwtPayload & Readonly<Record<string, unknown>>;

/**
 * Reads the claims of a token without verifying it. An opaque token has none.
 *
 * @param token raw access or refresh token
 * @returns the claims, or `null` if the token is not a JWT
 * @see RFC 7519
 * @example
 * ```ts
 * import { decodeClaims } from 'unexpired/core';
 * const userId = decodeClaims('eyJhbGciOiJub25lIn0.eyJ1aWQiOjJ9.')?.['uid']; // 2
 * ```
 */
export function decodeClaims(token: string): Claims | null {
  try {
    return asObject(jwtDecode(token));
  } catch {
    return null; // A token may be opaque (RFC 6749 section 1.4), so this is not an error.
  }
}

/**
 * Whether two token sets are known to be of one user. Some servers have one grant for each user, and end the new
 * session if the former tokens are revoked.
 */
export function isSameUser(former: TokenSet, next: TokenSet): boolean {
  if ((former.accessToken !== '' && former.accessToken === next.accessToken) || (refreshTextOf(former) || null) === next.refreshToken) return true;
  const user = decodeClaims(former.accessToken)?.sub;
  return user !== undefined && user === decodeClaims(next.accessToken)?.sub;
}

/** Whether a session can be refreshed: it has a refresh token, or the browser has it. */
export function isRenewable({ refreshToken }: Pick<TokenSet, 'refreshToken'>): boolean {
  return refreshToken !== undefined;
}

/** Returns the refresh token that a request carries: the raw one, or `''` if the cookie carries it; `undefined` if there is none. */
export function refreshTextOf({ refreshToken }: Pick<TokenSet, 'refreshToken'>): string | undefined {
  return typeof refreshToken === 'object' ? '' : refreshToken;
}

/** Returns the claim that names the user as text, or `null` if it does not name one. */
export function subjectIn(claim: unknown): string | null {
  return typeof claim === 'string' || typeof claim === 'number' ? `${claim}` : null;
}

/** Returns when the API issued a token, epoch ms by the API's clock, or `null` if `iat` cannot be read. */
export function issuedAt(token: string): number | null {
  return instantOf(decodeClaims(token)?.iat);
}

/** Converts a NumericDate to epoch ms; `null` if there is none. A value that must be in milliseconds, as some servers write it, is not used. */
export function instantOf(seconds: unknown): number | null {
  return typeof seconds === 'number' && seconds > 0 && seconds < 1e11 ? seconds * 1000 : null;
}

/** Whether a value can be epoch milliseconds. Seconds would be a day before 1973. A test's clock may be there, too. */
export function isInstant(value: unknown, now: number): value is number {
  return typeof value === 'number' && value < Infinity && (value >= 1e11 || now < 1e11);
}

/** The longest `extra`, characters of JSON. */
const EXTRA_LIMIT = 16_384;

/** Whether a value can be stored as `extra`. */
export function isExtra(value: unknown): boolean {
  try {
    return value === undefined || (asObject(value) !== null && JSON.stringify(value).length <= EXTRA_LIMIT);
  } catch {
    return false; // It has a cycle, or a member that JSON does not have.
  }
}

/**
 * Returns the members of a token set that are kept.
 *
 * A wrong optional member is left out, because it must not cost the tokens.
 *
 * @param last the tokens before these. A refresh token that stays the same keeps its end
 * @param isInCookie whether the browser keeps a refresh token that the set does not carry
 */
export function kept({ accessToken, refreshToken: carried, expiresAt, scopes, refreshExpiresAt, sessionExpiresAt, extra }: TokenSet, last?: TokenSet, isInCookie = false): TokenSet {
  const refreshToken = carried ?? (isInCookie ? IN_COOKIE : undefined);
  const text = refreshTextOf({ refreshToken });
  const former = text !== '' && text === last?.refreshToken ? last?.refreshExpiresAt : undefined;
  const end = Number.isFinite(refreshExpiresAt) ? refreshExpiresAt : instantOf(decodeClaims(text ?? '')?.exp) ?? former;
  return { accessToken, refreshToken, expiresAt, scopes: [...scopes], refreshExpiresAt: end, sessionExpiresAt: sessionExpiresAt ?? last?.sessionExpiresAt, extra: isExtra(extra) ? extra : last?.extra };
}

/** Splits a scope list at commas (Bonfire) and spaces (RFC 6749 section 3.3). */
export function parseScopes(scope: string): string[] {
  return scope.split(/[\s,]+/).filter(Boolean);
}

/**
 * Checks a token set from outside. Returns the name of the first member that is wrong, or `null` if the set is valid.
 *
 * @param mayBeInCookie whether `{ in: 'cookie' }` is a valid refresh token
 */
export function wrongMember(value: unknown, mayBeInCookie = false): string | null {
  const set = asObject(value);
  if (!set) return 'tokens';
  const { accessToken, refreshToken, expiresAt, scopes } = set;
  if (!isSecret(accessToken)) return 'accessToken';
  if (refreshToken !== undefined && !isSecret(refreshToken) && !(mayBeInCookie && asObject(refreshToken)?.['in'] === 'cookie')) return 'refreshToken';
  if (expiresAt !== null && !Number.isFinite(expiresAt)) return 'expiresAt';
  return Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string') ? null : 'scopes';
}

/**
 * Checks a token set from outside and describes the first member that is wrong. No value is quoted.
 *
 * @param mayBeInCookie whether `{ in: 'cookie' }` is a valid refresh token
 * @returns a problem such as ``"`accessToken` must be a non-empty string"``, or `null` if the set is valid
 */
export function tokenSetProblem(value: unknown, mayBeInCookie = false): string | null {
  const member = wrongMember(value, mayBeInCookie);
  return member && `\`${member}\` ${requirementOf(member)}`;
}

/** Whether a value can be sent as a bearer. `Headers` would refuse white space in it with an error that quotes the value. */
export function isSecret(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);
}
