import { AuthError } from '../../core/model/auth-error.ts';
import { parseIsoDate } from '../../core/model/iso-date.ts';
import { asObject } from '../../core/model/json.ts';
import { parseScopes, tokenSetProblem, type TokenSet } from '../../core/model/token-set.ts';

/**
 * An `access_token` object, as the API writes it.
 *
 * @see the Bonfire document: the `access_token` object
 */
export interface AccessTokenObject {
  readonly access_token: string;
  readonly refresh_token?: string | null | undefined;
  /** ISO 8601 with an offset. */
  readonly expires_at?: string | null | undefined;
  /** Separated by commas or spaces. */
  readonly scope?: string | null | undefined;
}

/**
 * Turns an `access_token` object into the tokens that `signIn` takes.
 *
 * @param object as the API writes it, such as the `data.attributes` of an answer that your own server passes on
 * @throws AuthError `invalid_response`, saying which member cannot be read
 * @see the Bonfire document: the `access_token` object
 * @example
 * ```ts
 * import type { AuthClient } from 'unexpired/core';
 * import { fromAccessTokenObject, type AccessTokenObject } from 'unexpired/bonfire';
 * const signInWith = (auth: AuthClient, answer: { data: { attributes: AccessTokenObject } }) => auth.signIn(fromAccessTokenObject(answer.data.attributes));
 * ```
 */
export function fromAccessTokenObject(object: AccessTokenObject): TokenSet {
  const tokens = readAccessTokenObject(object, { scopes: [] });
  if (typeof tokens === 'string') throw new AuthError('invalid_response', `This is no access_token object of the API: ${tokens}.`);
  return tokens;
}

/** Reads an `access_token` object, or says what is wrong with it without quoting it. */
export function readAccessTokenObject(value: unknown, previous: Pick<TokenSet, 'refreshToken' | 'scopes'>): TokenSet | string {
  const object = asObject(value);
  if (!object) return 'there is no access_token object';
  const expiry = object['expires_at'] ?? null;
  const expiresAt = typeof expiry === 'string' ? parseIsoDate(expiry) : null;
  const refreshToken = object['refresh_token'] ?? previous.refreshToken;
  // A new refresh token is the only one left, whatever stands beside it: an access token of unknown life is used until it is rejected.
  const isRotated = previous.refreshToken !== undefined && refreshToken !== previous.refreshToken;
  if (expiry !== null && expiresAt === null && !isRotated) return '`expires_at` is no ISO 8601 date with an offset';
  const scope = object['scope'];
  const tokens = {
    accessToken: object['access_token'],
    refreshToken,
    expiresAt,
    scopes: typeof scope === 'string' ? parseScopes(scope) : previous.scopes,
  };
  return tokenSetProblem(tokens) ?? (tokens as TokenSet);
}
