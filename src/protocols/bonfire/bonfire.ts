import { invalidConfig } from '../../core/model/auth-error.ts';
import { checkedBaseUrl } from '../../core/model/base-url.ts';
import { asObject, memberAt } from '../../core/model/json.ts';
import type { Answer, Grant, Protocol, TokenRequest } from '../../core/model/protocol.ts';
import { invalidResponse, type RefreshFailure } from '../../core/model/refresh-outcome.ts';
import { isSecret, type TokenSet } from '../../core/model/token-set.ts';
import { readAccessTokenObject } from './access-token-object.ts';
import { ACCESS_TOKEN_REJECTED, errorCodeOf, failureOf } from './error-codes.ts';

/** How to reach a Bonfire API. */
export interface BonfireConfig {
  /** Such as `https://api.bonfire.camp/v1`. */
  readonly baseUrl: string;
  /** The app's own key: the bearer of the token endpoint and of calls without a user. */
  readonly appKey: string;
  /** How request bodies are written; `form` (RFC 6749) unless said otherwise. */
  readonly bodyEncoding?: 'form' | 'json';
}

/** The wire profile of a Bonfire API, with its own grant. */
export interface BonfireProtocol extends Protocol {
  /**
   * The grant that creates tokens for bots: one token set per bot, by bot id.
   *
   * @param botIds at least one
   * @throws AuthError `invalid_config`
   */
  readonly createBotTokens: (botIds: readonly string[]) => Grant;
}

/**
 * Creates the wire profile of a Bonfire API.
 *
 * @param config see {@link BonfireConfig}
 * @throws AuthError `invalid_config` naming `baseUrl`, `appKey` or `bodyEncoding`
 * @see the Bonfire document: access tokens, error codes
 * @example
 * ```ts
 * import { bonfire } from 'unexpired/bonfire';
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' });
 * const grant = protocol.createBotTokens(['-OoX6R1ba0eM5kwmB8n']);
 * ```
 */
export function bonfire(config: BonfireConfig): BonfireProtocol {
  const { baseUrl: address, appKey, bodyEncoding = 'form' } = config ?? {};
  const baseUrl = checkedBaseUrl(address);
  if (!isSecret(appKey)) throw invalidConfig('appKey', 'must be a non-empty string without spaces, the App Key of your app');
  if (bodyEncoding !== 'form' && bodyEncoding !== 'json') throw invalidConfig('bodyEncoding', 'must be "form" or "json"');
  const appAuthorization = `Bearer ${appKey}`;

  function tokenRequest(path: string, fields: Readonly<Record<string, string | readonly string[]>>, ...secrets: readonly string[]): TokenRequest {
    const json = 'application/json';
    const headers = { authorization: appAuthorization, accept: json, 'content-type': bodyEncoding === 'json' ? json : 'application/x-www-form-urlencoded' };
    const body = bodyEncoding === 'json' ? JSON.stringify(fields) : formOf(fields);
    return { url: baseUrl + path, method: 'POST', headers, body, secrets: [...secrets, appKey] };
  }

  return {
    name: 'bonfire',
    baseUrl,
    resourceOrigins: [new URL(baseUrl).origin],
    refreshRequest: (refreshToken) =>
      tokenRequest('/oauth', { grant_type: 'refresh_token', refresh_token: refreshToken }, refreshToken),
    readRefresh: (answer, previous) => readGranted(answer, (body) => readAccessTokenObject(memberAt(body, 'data', 'attributes'), previous)),
    mayReject: (status) => status >= 400 && status < 500,
    isRejection: ({ status, body }) => status === ACCESS_TOKEN_REJECTED || errorCodeOf(body) === ACCESS_TOKEN_REJECTED,
    anonymousAuthorization: (method) => (method === 'GET' || method === 'HEAD' ? appAuthorization : null),
    createBotTokens: (botIds) => ({
      request: tokenRequest('/oauth/bots', { grant_type: 'client_credentials', bots: checkedBotIds(botIds) }),
      read: (answer) => readGranted(answer, botTokensIn),
    }),
  };
}

/** Reads an answer that grants tokens; a text in their place says what is wrong with it. */
function readGranted<T>(answer: Answer, tokensIn: (body: string) => T | string): { readonly kind: 'granted'; readonly tokens: T } | RefreshFailure {
  if (answer.status < 200 || answer.status >= 300) return failureOf(answer);
  const tokens = tokensIn(answer.body);
  return typeof tokens === 'string' ? invalidResponse(tokens) : { kind: 'granted', tokens };
}

function botTokensIn(body: string): Readonly<Record<string, TokenSet>> | string {
  const byBot = asObject(memberAt(body, 'data', 'tokens'));
  if (!byBot) return 'there is no `data.tokens` object';
  const tokens = Object.fromEntries(Object.entries(byBot).map(([botId, object]) => [botId, readAccessTokenObject(object, { scopes: [] })]));
  return Object.values(tokens).find((read) => typeof read === 'string') ?? (tokens as Record<string, TokenSet>);
}

function formOf(fields: Readonly<Record<string, string | readonly string[]>>): string {
  return new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])).toString();
}

function checkedBotIds(botIds: readonly string[]): readonly string[] {
  if (!Array.isArray(botIds) || botIds.length === 0 || botIds.some((botId) => typeof botId !== 'string' || botId === '')) {
    throw invalidConfig('botIds', 'must be a non-empty array of bot ids');
  }
  return botIds;
}
