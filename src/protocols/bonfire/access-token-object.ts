import { AuthError } from '../../core/model/auth-error.ts';
import { parseIsoDate } from '../../core/model/iso-date.ts';
import { asObject } from '../../core/model/json.ts';
import { parseScopes, tokenSetProblem, type TokenSet } from '../../core/model/token-set.ts';
import { requirementOf, typeGiven } from '#words';

/**
 * Bonfire's `access_token` object, as the API writes it.
 *
 * @see the Bonfire document: the `access_token` object
 */
export interface AccessTokenObject {
  readonly access_token: string;
  readonly refresh_token?: string | null | undefined;
  /** An ISO 8601 date with an offset, such as `2019-05-25T15:26:28+00:00`. */
  readonly expires_at?: string | null | undefined;
  /** The scopes, separated by commas or spaces. */
  readonly scope?: string | null | undefined;
}

/**
 * Converts Bonfire's `access_token` object to the token set that `signIn` takes.
 *
 * @param object the object itself, such as the `data.attributes` of an answer that your own server passes on
 * @returns the tokens; without `expires_at` their expiry is unknown, and they are used until the API rejects them
 * @throws AuthError `invalid_response`; the message names the member that cannot be read, and quotes no value
 * @see the Bonfire document: the `access_token` object
 * @example
 * ```ts
 * import type { AuthClient } from 'unexpired/core';
 * import { fromAccessTokenObject, type AccessTokenObject } from 'unexpired/bonfire';
 * async function logIn(auth: AuthClient, answer: { data: { attributes: AccessTokenObject } }) {
 *   await auth.signIn(fromAccessTokenObject(answer.data.attributes));
 * }
 * ```
 */
export function fromAccessTokenObject(object: AccessTokenObject): TokenSet {
  const tokens = readAccessTokenObject(object, { scopes: [] });
  if (typeof tokens !== 'string') return tokens;
  const isAnswer = asObject(asObject(object)?.['data'])?.['attributes'] !== undefined;
  const problem = isAnswer ? ': pass the `data.attributes` of this answer' : asObject(object) ? `: ${tokens}` : typeGiven(object);
  throw new AuthError('invalid_response', `\`fromAccessTokenObject\` takes Bonfire's \`access_token\` object${problem}.`);
}

/**
 * Reads an `access_token` object.
 *
 * @param value any value
 * @param previous supplies the refresh token and the scopes that the object leaves out
 * @returns the tokens, or a sentence without its full stop that says what is wrong and quotes no value
 */
export function readAccessTokenObject(value: unknown, previous: Pick<TokenSet, 'refreshToken' | 'scopes'>): TokenSet | string {
  const object = asObject(value);
  if (!object) return 'there is no `access_token` object';
  const expiry = object['expires_at'] ?? null;
  const expiresAt = typeof expiry === 'string' ? parseIsoDate(expiry) : null;
  const refreshToken = object['refresh_token'] ?? previous.refreshToken;
  // After a rotation the new refresh token is the only valid one, so it is kept even if the expiry cannot be read. An access
  // token without a known expiry is used until the API rejects it.
  const isRotated = previous.refreshToken !== undefined && refreshToken !== previous.refreshToken;
  if (expiry !== null && expiresAt === null && !isRotated) return `\`expires_at\` ${requirementOf('expires_at')}`;
  const scope = object['scope'];
  const tokens = {
    accessToken: object['access_token'],
    refreshToken,
    expiresAt,
    scopes: typeof scope === 'string' ? parseScopes(scope) : previous.scopes,
  };
  return tokenSetProblem(tokens) ?? (tokens as TokenSet);
}
