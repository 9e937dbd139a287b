import { invalidSetting } from '../../core/model/auth-error.ts';
import { checkedBaseUrl, checkedOrigins, originsOf } from '../../core/model/base-url.ts';
import { httpUrl } from '../../core/model/http-url.ts';
import type { Answer } from '../../core/model/answer.ts';
import type { Proofs } from '../../core/model/proofs.ts';
import type { MayReject, Protocol, TokenRequest } from '../../core/model/protocol.ts';
import { refreshCookieOf, type RefreshTokenPlace } from '../../core/model/refresh-cookie.ts';
import { refreshTextOf, type TokenSet } from '../../core/model/token-set.ts';
import { isInvalidToken } from '../challenges.ts';
import { markWrongEndpoint } from '../wrong-endpoint.ts';
import { readRefreshAnswer, userIn } from './token-response.ts';

/** The settings of an OAuth 2.0 authorization server and of the APIs that accept its tokens. */
export interface OAuth2Config<Extra extends object = Readonly<Record<string, unknown>>> extends RefreshTokenPlace {
  /** The address that refresh tokens are sent to, such as `https://id.example.com/oauth/token`. */
  readonly tokenEndpoint: string;
  /** The id of the client. It is a public client in a browser, which can keep no client secret. */
  readonly clientId: string;
  /** The origins of the APIs, such as `https://api.example.com`. Only these get the access token. */
  readonly resourceOrigins: readonly string[];
  /** The address that relative paths continue; the default is the first of `resourceOrigins`. */
  readonly baseUrl?: string;
  /**
   * The address that revokes tokens at sign-out. Without it the tokens are not revoked. With `refreshToken: inCookie()`, its answer must remove
   * the cookie; if it does not, set `signOutEndpoint`.
   */
  readonly revocationEndpoint?: string;
  /**
   * The address of the request at sign-out that removes the cookie of the refresh token. Only for `refreshToken: inCookie()`. If it and
   * `revocationEndpoint` are left out, the cookie stays, and no session is restored until the next sign-in or `restoreSession`.
   */
  readonly signOutEndpoint?: string | undefined;
  /**
   * Further parameters of each refresh and each revocation, such as `{ resource: 'https://api.example.com' }`, or `{ client_secret: … }` on
   * a server.
   */
  readonly parameters?: Readonly<Record<string, string | undefined>>;
  /**
   * The names of further members of a token answer that are kept with the tokens, such as `['id_token']`. Together they may be 16,384
   * characters of JSON. If access tokens are opaque, a kept `id_token` names their user.
   */
  readonly keep?: readonly (keyof Extra & string)[];
  /** Returns whether the API rejected the access token, for APIs that do not expose `WWW-Authenticate`; called for each 4xx answer. */
  readonly isRejection?: (answer: Answer) => boolean;
  /**
   * Further answers that may reject the access token, such as a 200 of GraphQL. `isRejection` then gets them, too.
   *
   * The client reads the body of each such answer before the call resolves, for up to 10 s and 64 KiB. Name the status and the
   * content type, so that it reads no download and no stream. A request that was rejected is sent again, so `isRejection`
   * must match only if the API has done nothing, for example no part of a mutation.
   */
  readonly mayReject?: MayReject;
  /**
   * Returns whether an answer of the token endpoint without tokens says that the refresh token can never work again, for
   * servers with words of their own. HTTP 408, 425, 429 and 5xx never end a session, whatever it returns.
   */
  readonly isFinal?: (answer: Answer) => boolean;
  /** Binds the tokens to a key: `dpop()` of `unexpired/dpop` (RFC 9449). Default: bearer tokens. */
  readonly dpop?: Proofs | undefined;
}

/** The protocol of an OAuth 2.0 authorization server, with the members of its answers that are kept. */
export interface OAuth2Protocol<Extra extends object = Readonly<Record<string, unknown>>> extends Protocol {
  /** The names of the kept members, for `fromTokenResponse`. */
  readonly keep: readonly (keyof Extra & string)[];
  /**
   * Returns the kept members of a token set. Their types are those that `oauth2` was given; the values are not checked.
   *
   * @param tokens the `tokens` of a snapshot, or what `useAccessToken` returns
   */
  readonly extraOf: (tokens: Pick<TokenSet, 'extra'> | null) => Partial<Extra>;
}

/**
 * Creates the protocol of an OAuth 2.0 authorization server.
 *
 * The protocol refreshes and revokes tokens. A library for the sign-in gets the first tokens, and `fromTokenResponse`
 * converts them for `signIn`. An API of another origin must expose `WWW-Authenticate`, or `isRejection` must be set.
 *
 * @param config the addresses and the client id, see {@link OAuth2Config}
 * @throws AuthError `invalid_config`, with the name of the setting as field
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
export function oauth2<Extra extends object = Readonly<Record<string, unknown>>>(config: OAuth2Config<Extra>): OAuth2Protocol<Extra> {
  const { tokenEndpoint, clientId, resourceOrigins, baseUrl, revocationEndpoint, signOutEndpoint, isRejection, mayReject, isFinal, keep = [] } = checked(config);
  const refreshCookie = refreshCookieOf(config);
  // `URLSearchParams` would send a parameter that is not set as the text "undefined".
  const parameters = Object.fromEntries(Object.entries(config.parameters ?? {}).filter(([, value]) => value !== undefined));

  function post(url: string, fields: Readonly<Record<string, string>>): TokenRequest {
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams({ ...parameters, ...fields, client_id: clientId }).toString();
    return { url, method: 'POST', headers, body };
  }

  const revocation = (endpoint: string) => (tokens: TokenSet) => {
    const refreshToken = refreshTextOf(tokens);
    return refreshToken
      ? post(endpoint, { token: refreshToken, token_type_hint: 'refresh_token' })
      : post(endpoint, { token: tokens.accessToken, token_type_hint: 'access_token' });
  };
  const signOutAt = refreshCookie && signOutEndpoint;
  const endpoint = signOutAt ?? revocationEndpoint;

  return {
    name: 'oauth2',
    baseUrl,
    resourceOrigins,
    tokenEndpoints: [tokenEndpoint, ...(endpoint === undefined ? [] : [endpoint])],
    refreshCookie,
    refreshRequest: (refreshToken) =>
      post(tokenEndpoint, { grant_type: 'refresh_token', ...(refreshToken && { refresh_token: refreshToken }) }),
    readRefresh: (answer, previous) => markWrongEndpoint(readRefreshAnswer(answer, previous, keep, isFinal, refreshCookie !== undefined), answer, tokenEndpoint, 'tokenEndpoint'),
    mayReject: (status, header) => status === 401 || (isRejection !== undefined && status >= 400 && status < 500) || mayReject?.(status, header) === true,
    isRejection: isRejection ?? isInvalidToken,
    rejectionHeader: isRejection ? undefined : 'WWW-Authenticate',
    anonymousAuthorization: () => null,
    keep,
    extraOf: (tokens) => (tokens?.extra ?? {}) as Partial<Extra>,
    subjectOf: userIn,
    proofs: config.dpop,
    ...(endpoint === undefined ? {} : { revokeRequest: signOutAt === undefined ? revocation(endpoint) : () => post(endpoint, {}) }),
  };
}

function checked<Extra extends object>(config: OAuth2Config<Extra>): OAuth2Config<Extra> & { readonly baseUrl: string } {
  const { tokenEndpoint, clientId, resourceOrigins, revocationEndpoint, signOutEndpoint, isRejection, mayReject, isFinal, dpop, keep = [] } = config ?? {};
  checkEndpoint('tokenEndpoint', tokenEndpoint);
  if (revocationEndpoint !== undefined) checkEndpoint('revocationEndpoint', revocationEndpoint);
  if (signOutEndpoint !== undefined) checkEndpoint('signOutEndpoint', signOutEndpoint);
  if (typeof clientId !== 'string' || clientId === '') throw invalidSetting('clientId', clientId);
  if (isRejection !== undefined && typeof isRejection !== 'function') throw invalidSetting('isRejection', isRejection);
  if (mayReject !== undefined && typeof mayReject !== 'function') throw invalidSetting('mayReject', mayReject);
  if (isFinal !== undefined && typeof isFinal !== 'function') throw invalidSetting('isFinal', isFinal);
  if (dpop !== undefined && typeof dpop.on !== 'function') throw invalidSetting('dpop', dpop);
  if (!Array.isArray(keep) || keep.some((name) => typeof name !== 'string')) throw invalidSetting('keep', keep);
  if (!Array.isArray(resourceOrigins) || resourceOrigins.length === 0) throw invalidSetting('resourceOrigins', resourceOrigins);
  const origins = checkedOrigins(resourceOrigins, 'resourceOrigins');
  const baseUrl = checkedBaseUrl(config.baseUrl ?? origins[0]);
  const [origin] = originsOf(baseUrl);
  if (!origin) throw invalidSetting('baseUrl', baseUrl, 'baseUrl as a path');
  if (!origins.includes(origin)) throw invalidSetting('baseUrl', origin, 'baseUrl elsewhere');
  return { ...config, resourceOrigins: origins, baseUrl };
}

function checkEndpoint(setting: string, value: unknown): void {
  const url = httpUrl(value);
  if (url && !url.hash && !url.username && !url.password) return;
  throw invalidSetting(setting, value, 'endpoint');
}
