import { invalidConfig } from '../../core/model/auth-error.ts';
import { checkedBaseUrl } from '../../core/model/base-url.ts';
import { httpUrl } from '../../core/model/http-url.ts';
import type { Answer, Protocol, TokenRequest } from '../../core/model/protocol.ts';
import type { TokenSet } from '../../core/model/token-set.ts';
import { parseChallenges } from './challenges.ts';
import { readRefreshAnswer } from './token-response.ts';

/** How to reach an OAuth 2.0 authorization server and the APIs that take its tokens. */
export interface OAuth2Config {
  /** Where refresh tokens are sent, such as `https://id.example.com/oauth/token`. */
  readonly tokenEndpoint: string;
  /** The public client's id; a browser can keep no client secret. */
  readonly clientId: string;
  /** The origins of the APIs, such as `https://api.example.com`: the access token goes to these alone. */
  readonly resourceOrigins: readonly string[];
  /** Where relative calls go; the first of `resourceOrigins` unless said otherwise. */
  readonly baseUrl?: string;
  /** Where tokens are revoked at sign-out; they are not when it is left out. */
  readonly revocationEndpoint?: string;
  /** Further parameters of each refresh, such as `{ resource: 'https://api.example.com' }`. */
  readonly parameters?: Readonly<Record<string, string | undefined>>;
  /** Tells a rejected access token for APIs that do not show `WWW-Authenticate`; asked about every 4xx answer. */
  readonly isRejection?: (answer: Answer) => boolean;
}

/**
 * Creates the wire profile of an OAuth 2.0 authorization server, for a public client.
 *
 * It refreshes and revokes; signing in by redirect is a library's of its own, and ends in `signIn(tokens)`. Across
 * origins the API has to expose `WWW-Authenticate`, or `isRejection` has to tell a rejected token by other means.
 *
 * @param config see {@link OAuth2Config}
 * @throws AuthError `invalid_config` naming the field
 * @see RFC 6749 section 6 (refresh), RFC 6750 section 3.1 (rejection), RFC 7009 (revocation), RFC 9700 section 4.14
 * @example
 * ```ts
 * import { createAuthClient } from 'unexpired/core';
 * import { oauth2 } from 'unexpired/oauth2';
 * const protocol = oauth2({
 *   tokenEndpoint: 'https://id.example.com/oauth/token',
 *   clientId: 'my-app',
 *   resourceOrigins: ['https://api.example.com'],
 * });
 * const auth = createAuthClient({ protocol });
 * ```
 */
export function oauth2(config: OAuth2Config): Protocol {
  const { tokenEndpoint, clientId, resourceOrigins, baseUrl, revocationEndpoint, isRejection } = checked(config);
  // What is not defined is left out: as text it would be sent as "undefined".
  const parameters = Object.fromEntries(Object.entries(config.parameters ?? {}).filter(([, value]) => value !== undefined));

  function post(url: string, secret: string, fields: Readonly<Record<string, string>>): TokenRequest {
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams({ ...fields, client_id: clientId }).toString();
    return { url, method: 'POST', headers, body, secrets: [secret] };
  }

  const revocation = (endpoint: string) => (tokens: TokenSet) =>
    tokens.refreshToken === undefined
      ? post(endpoint, tokens.accessToken, { token: tokens.accessToken, token_type_hint: 'access_token' })
      : post(endpoint, tokens.refreshToken, { token: tokens.refreshToken, token_type_hint: 'refresh_token' });

  return {
    name: 'oauth2',
    baseUrl,
    resourceOrigins,
    refreshRequest: (refreshToken) =>
      post(tokenEndpoint, refreshToken, { ...parameters, grant_type: 'refresh_token', refresh_token: refreshToken }),
    readRefresh: readRefreshAnswer,
    mayReject: (status) => status === 401 || (isRejection !== undefined && status >= 400 && status < 500),
    isRejection: isRejection ?? isInvalidToken,
    anonymousAuthorization: () => null,
    ...(revocationEndpoint === undefined ? {} : { revokeRequest: revocation(revocationEndpoint) }),
  };
}

function isInvalidToken({ status, header }: Answer): boolean {
  if (status !== 401) return false;
  return parseChallenges(header('www-authenticate')).some(({ scheme, params }) => scheme === 'bearer' && params['error']?.toLowerCase() === 'invalid_token');
}

function checked(config: OAuth2Config): OAuth2Config & { readonly baseUrl: string } {
  const { tokenEndpoint, clientId, resourceOrigins, revocationEndpoint, isRejection } = config ?? {};
  checkEndpoint('tokenEndpoint', tokenEndpoint);
  if (revocationEndpoint !== undefined) checkEndpoint('revocationEndpoint', revocationEndpoint);
  if (typeof clientId !== 'string' || clientId === '') throw invalidConfig('clientId', 'must be the non-empty id of your client');
  if (isRejection !== undefined && typeof isRejection !== 'function') throw invalidConfig('isRejection', 'must be a function, or left out');
  if (!Array.isArray(resourceOrigins) || resourceOrigins.length === 0) throw invalidConfig('resourceOrigins', 'must name at least one origin, such as "https://api.example.com"');
  const origins = resourceOrigins.map((origin: unknown, index) => originOf(origin, `resourceOrigins[${index}]`));
  const baseUrl = checkedBaseUrl(config.baseUrl ?? origins[0]);
  if (!origins.includes(new URL(baseUrl).origin)) throw invalidConfig('baseUrl', 'must be at one of `resourceOrigins`');
  return { ...config, resourceOrigins: origins, baseUrl };
}

function checkEndpoint(field: string, value: unknown): void {
  const url = httpUrl(value);
  if (!url || url.hash || url.username || url.password) {
    throw invalidConfig(field, 'must be an absolute http(s) address such as "https://id.example.com/oauth/token", without fragment or credentials');
  }
}

function originOf(value: unknown, field: string): string {
  const url = httpUrl(value);
  if (!url || url.href !== `${url.origin}/`) throw invalidConfig(field, 'must be an http(s) origin such as "https://api.example.com"');
  return url.origin;
}
