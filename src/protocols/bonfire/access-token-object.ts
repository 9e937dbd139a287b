import { parseIsoDate } from '../../core/model/iso-date.ts';
import { asObject } from '../../core/model/json.ts';
import { parseScopes, tokenSetProblem, type TokenSet } from '../../core/model/token-set.ts';

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
    ...(refreshToken === undefined ? {} : { refreshToken }),
    expiresAt,
    scopes: typeof scope === 'string' ? parseScopes(scope) : previous.scopes,
  };
  return tokenSetProblem(tokens) ?? (tokens as TokenSet);
}
