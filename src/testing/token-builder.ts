import type { Claims, TokenSet } from '../core/model/token-set.ts';

/** What a token set of {@link buildTokenSet} shall be like. */
export interface TokenSetOptions {
  /** When it was issued, epoch ms (`Date.now()`). */
  readonly issuedAt?: number;
  /** How long its access token lives, ms (an hour); less than 0 makes one that is expired already. */
  readonly lifetimeMs?: number;
  /** Further claims of the access token, such as `{ sub: '7' }`. */
  readonly claims?: Claims;
  /** The refresh token, or `null` for a set without one (`'refresh-token'`). */
  readonly refreshToken?: string | null;
  /** What the token may be used for (none). */
  readonly scopes?: readonly string[];
}

/**
 * Builds a token set whose access token is a readable JWT, for tests of code that reads tokens; no API accepts it, as it is not signed.
 *
 * @param options see {@link TokenSetOptions}
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
  const expiresAt = issuedAt + lifetimeMs;
  const accessToken = buildJwt({ iat: Math.floor(issuedAt / 1000), exp: Math.floor(expiresAt / 1000), ...claims });
  return { accessToken, ...(refreshToken === null ? {} : { refreshToken }), expiresAt, scopes: [...scopes] };
}

/**
 * Builds a JWT that can be read and is not signed.
 *
 * @param claims whatever JSON can say
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
