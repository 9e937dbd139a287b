import { invalidSetting } from '../../core/model/auth-error.ts';
import { checkedBaseUrl, originsOf } from '../../core/model/base-url.ts';
import { memberAt } from '../../core/model/json.ts';
import type { Answer } from '../../core/model/answer.ts';
import type { MayReject, Protocol, TokenRequest } from '../../core/model/protocol.ts';
import { refreshCookieOf, type RefreshTokenPlace } from '../../core/model/refresh-cookie.ts';
import { invalidResponse, withRotated, type RefreshFailure } from '../../core/model/refresh-outcome.ts';
import { decodeClaims, isSecret, subjectIn, type Claims } from '../../core/model/token-set.ts';
import { markWrongEndpoint } from '../wrong-endpoint.ts';
import { readAccessTokenObject } from './access-token-object.ts';
import { ACCESS_TOKEN_REJECTED, errorCodeOf, failureOf } from './error-codes.ts';

/** The settings of a Bonfire API. */
export interface BonfireConfig extends RefreshTokenPlace {
  /** The address that all paths continue, such as `https://api.bonfire.camp/v1`. */
  readonly baseUrl: string;
  /** The App Key of the app. It is the bearer of the token endpoint and of calls while signed out. */
  readonly appKey: string;
  /** The format of request bodies: `form` (the default, RFC 6749) or `json`. */
  readonly bodyEncoding?: 'form' | 'json';
  /** Returns whether an answer rejects the access token, beside those with error code 450. Called for each 4xx answer. */
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
   * The path of the request at sign-out that removes the cookie, such as `/sign-out`. It follows `/oauth` in the address. Only for
   * `refreshToken: inCookie()`. Without it, the cookie stays, and no session is restored until the next sign-in.
   */
  readonly signOutPath?: string | undefined;
}

/** The protocol of a Bonfire API. */
export interface BonfireProtocol extends Protocol {
  /**
   * Makes a request of the app to the token endpoint, for a grant. The App Key is its bearer.
   *
   * @param path what follows `/oauth` in the address, such as `/bots`
   * @param fields the members of the body
   */
  readonly tokenRequest: (path: string, fields: Readonly<Record<string, string | readonly string[]>>) => TokenRequest;
}

/**
 * Creates the protocol of a Bonfire API.
 *
 * @param config the address of the API and the App Key, see {@link BonfireConfig}
 * @throws AuthError `invalid_config`, with the field `baseUrl`, `appKey`, `bodyEncoding`, `isRejection`, `mayReject`, `refreshToken`
 * or `signOutPath`
 * @see the Bonfire document: access tokens, error codes
 * @example
 * ```ts
 * import { createAuthClient } from 'unexpired/core';
 * import { bonfire, createBotTokens } from 'unexpired/bonfire';
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' });
 * const auth = createAuthClient({ protocol });
 * await auth.signIn(createBotTokens(protocol, ['-OoX6R1ba0eM5kwmB8n']));
 * ```
 */
export function bonfire(config: BonfireConfig): BonfireProtocol {
  const { baseUrl: address, appKey, bodyEncoding = 'form', isRejection, mayReject, signOutPath } = config ?? {};
  const baseUrl = checkedBaseUrl(address);
  if (!isSecret(appKey)) throw invalidSetting('appKey', appKey);
  if (bodyEncoding !== 'form' && bodyEncoding !== 'json') throw invalidSetting('bodyEncoding', bodyEncoding);
  for (const [name, value] of Object.entries({ isRejection, mayReject })) {
    if (value !== undefined && typeof value !== 'function') throw invalidSetting(name, value);
  }
  if (signOutPath !== undefined && !/^\/[^?#]+$/.test(signOutPath)) throw invalidSetting('signOutPath', signOutPath);
  const refreshCookie = refreshCookieOf(config);
  const appAuthorization = `Bearer ${appKey}`;
  const refreshUrl = `${baseUrl}/oauth`;

  function tokenRequest(path: string, fields: Readonly<Record<string, string | readonly string[]>>): TokenRequest {
    const json = 'application/json';
    const headers = { authorization: appAuthorization, accept: json, 'content-type': bodyEncoding === 'json' ? json : 'application/x-www-form-urlencoded' };
    const body = bodyEncoding === 'json' ? JSON.stringify(fields) : formOf(fields);
    return { url: refreshUrl + path, method: 'POST', headers, body };
  }

  return {
    name: 'bonfire',
    baseUrl,
    resourceOrigins: originsOf(baseUrl),
    refreshCookie,
    refreshRequest: (refreshToken) => tokenRequest('', { grant_type: 'refresh_token', ...(refreshToken && { refresh_token: refreshToken }) }),
    readRefresh(answer, previous) {
      const outcome = readGranted(answer, (body) => readAccessTokenObject(memberAt(body, 'data', 'attributes'), previous));
      return withRotated(markWrongEndpoint(outcome, answer, refreshUrl, 'baseUrl'), memberAt(answer.body, 'data', 'attributes', 'refresh_token'), previous);
    },
    mayReject: (status, header) => (status >= 400 && status < 500) || mayReject?.(status, header) === true,
    isRejection: (answer) => answer.status === ACCESS_TOKEN_REJECTED || errorCodeOf(answer.body) === ACCESS_TOKEN_REJECTED || isRejection?.(answer) === true,
    anonymousAuthorization: (method) => (method === 'GET' || method === 'HEAD' ? appAuthorization : null),
    subjectOf: ({ accessToken }) => subjectOf(decodeClaims(accessToken)),
    ...(refreshCookie && signOutPath !== undefined && { revokeRequest: () => tokenRequest(signOutPath, {}) }),
    tokenRequest,
  };
}

/** Returns the user or the bot that a token is for. */
function subjectOf(claims: Claims | null): string | null {
  const bot = subjectIn(claims?.['bid']);
  return subjectIn(claims?.['uid']) ?? (bot && `bot ${bot}`);
}

/**
 * Reads an answer of the token endpoint.
 *
 * @param tokensIn reads the tokens in the body, or returns text that says what is wrong with it
 */
export function readGranted<T>(answer: Answer, tokensIn: (body: string) => T | string): { readonly kind: 'granted'; readonly tokens: T } | RefreshFailure {
  if (answer.status < 200 || answer.status >= 300 || errorCodeOf(answer.body) !== null) return failureOf(answer);
  const tokens = tokensIn(answer.body);
  return typeof tokens === 'string' ? invalidResponse(tokens) : { kind: 'granted', tokens };
}

function formOf(fields: Readonly<Record<string, string | readonly string[]>>): string {
  return new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])).toString();
}
