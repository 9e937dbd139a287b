import type { Claims, TokenSet } from '../core/model/token-set.ts';
import { checkNumber } from './option-check.ts';

/** The options of {@link buildTokenSet}. */
export interface TokenSetOptions {
  /** When the tokens were issued, epoch ms; default `Date.now()`. */
  readonly issuedAt?: number;
  /** The lifetime of the access token, ms; default one hour. A negative lifetime makes an expired token. */
  readonly lifetimeMs?: number;
  /** Further claims of the access token, such as `{ sub: '7' }`. */
  readonly claims?: Claims;
  /** The refresh token, or `null` for tokens without one; default `'refresh-token'`. */
  readonly refreshToken?: string | null;
  /** The granted scopes; none by default. */
  readonly scopes?: readonly string[];
}

/**
 * Builds a token set whose access token is a readable JWT, for tests of code that reads tokens.
 *
 * The token is not signed, so no API accepts it.
 *
 * @param options when the tokens were issued, their lifetime, claims and scopes; each has a default
 * @throws TypeError or RangeError that names the option, its rule and its value
 * @see RFC 7519 section 6 (unsecured JWTs)
 * @example
 * ```ts
 * import { decodeClaims } from 'unexpired/core';
 * import { buildTokenSet } from 'unexpired/testing';
 * const tokens = buildTokenSet({ lifetimeMs: 60_000, claims: { sub: '7' } });
 * const subject = decodeClaims(tokens.accessToken)?.sub; // '7'
 * ```
 */
export function buildTokenSet(options: TokenSetOptions = {}): TokenSet {
  const { issuedAt = Date.now(), lifetimeMs = 3_600_000, claims = {}, refreshToken = 'refresh-token', scopes = [] } = options;
  checkNumber('issuedAt', issuedAt, 'must be epoch milliseconds', Number.isFinite);
  checkNumber('lifetimeMs', lifetimeMs, 'must be a number of ms', Number.isFinite);
  const expiresAt = issuedAt + lifetimeMs;
  const accessToken = buildJwt({ iat: Math.floor(issuedAt / 1000), exp: Math.floor(expiresAt / 1000), ...claims });
  return { accessToken, ...(refreshToken === null ? {} : { refreshToken }), expiresAt, scopes: [...scopes] };
}

/**
 * Builds a JWT that can be read but is not signed.
 *
 * @param claims the claims of the token, as JSON; `iat` and `exp` are epoch s
 * @see RFC 7519 section 6
 * @example
 * ```ts
 * import { buildJwt } from 'unexpired/testing';
 * const token = buildJwt({ sub: '7', exp: 1_900_000_000 });
 * ```
 */
export function buildJwt(claims: Claims): string {
  return [{ alg: 'none', typ: 'JWT' }, claims].map((part) => base64url(JSON.stringify(part))).join('.') + '.';
}

function base64url(text: string): string {
  const binary = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
