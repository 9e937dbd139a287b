import { invalidConfig, invalidSetting } from './auth-error.ts';
import { checkedBaseUrl, checkedOrigins, originsOf } from './base-url.ts';
import type { Protocol, TokenHeader, TokenRequest } from './protocol.ts';
import { refreshCookieOf, type RefreshTokenPlace } from './refresh-cookie.ts';
import { invalidResponse, type RefreshOutcome } from './refresh-outcome.ts';

/** A `Protocol` whose defaults may be omitted. */
export type ProtocolDefinition = Pick<Protocol, 'name' | 'baseUrl' | 'refreshRequest' | 'readRefresh' | 'isRejection'> & Partial<Omit<Protocol, 'refreshCookie'>> & RefreshTokenPlace;

/**
 * Creates the protocol of an API of your own.
 *
 * Its functions are pure: they take all they need as arguments and send nothing.
 *
 * @param definition the members of the protocol. Defaults: `resourceOrigins` is the origin of `baseUrl`, `tokenEndpoints` is the address
 * of `refreshRequest`, `mayReject` is true for every 4xx status, and calls need a session
 * @throws AuthError `invalid_config` naming the member that is wrong; `method` if `refreshToken` is `inCookie()` and `refreshRequest`
 * makes no `POST`
 * @example
 * ```ts
 * import { classifyFailure, createAuthClient, defineProtocol } from 'unexpired/core';
 * const protocol = defineProtocol({
 *   name: 'shop',
 *   baseUrl: 'https://shop.example.com/api',
 *   refreshRequest: (refreshToken) => ({
 *     url: 'https://shop.example.com/api/session/renew',
 *     method: 'POST',
 *     headers: { 'content-type': 'application/json' },
 *     body: JSON.stringify({ token: refreshToken }),
 *   }),
 *   readRefresh(answer, previous) {
 *     if (answer.status !== 200) return classifyFailure(answer, answer.status === 410 ? 'refresh_token_invalid' : null);
 *     const { access, refresh, lifetime } = JSON.parse(answer.body);
 *     const refreshToken = refresh ?? previous.refreshToken; // An API that does not rotate leaves it out.
 *     return { kind: 'granted', tokens: { ...previous, accessToken: access, refreshToken, expiresAt: answer.now + lifetime * 1000, issuedAt: answer.now } };
 *   },
 *   isRejection: ({ status, body }) => status === 401 && body.includes('expired'),
 * });
 * const auth = createAuthClient({ protocol });
 * ```
 */
export function defineProtocol(definition: ProtocolDefinition): Protocol {
  const { name, readRefresh } = definition ?? {};
  if (typeof name !== 'string' || name === '') throw invalidConfig('name', 'must be a non-empty string that names the protocol');
  const baseUrl = checkedBaseUrl(definition.baseUrl);
  for (const member of ['refreshRequest', 'readRefresh', 'isRejection'] as const) {
    if (typeof definition[member] !== 'function') throw invalidConfig(member, 'must be a function');
  }
  if (!Array.isArray(definition.resourceOrigins ?? [])) throw invalidSetting('resourceOrigins', definition.resourceOrigins);
  const { tokenHeader } = definition;
  if (tokenHeader !== undefined && !isHeader(tokenHeader)) {
    throw invalidConfig('tokenHeader', 'must be { name, value }, with the name of a header and a function that returns a value for it, or left out');
  }
  const refreshCookie = refreshCookieOf(definition);
  const example = exampleOf(definition);
  if (refreshCookie && example && example.method !== 'POST') throw invalidSetting('method', example.method);
  const { resourceOrigins = originsOf(baseUrl), mayReject = isClientError, anonymousAuthorization = () => null, tokenEndpoints = example ? [example.url] : [] } = definition;
  return {
    ...definition,
    baseUrl,
    resourceOrigins: checkedOrigins(resourceOrigins, 'resourceOrigins'),
    tokenEndpoints,
    refreshCookie,
    mayReject,
    anonymousAuthorization,
    readRefresh: (answer, previous) => checkedOutcome(readRefresh(answer, previous)),
  };
}

/** Returns an example of a refresh, or `null` if `refreshRequest` throws for this example of a token. */
function exampleOf({ refreshRequest, refreshToken }: ProtocolDefinition): TokenRequest | null {
  try {
    return refreshRequest(refreshToken ? '' : 'example');
  } catch {
    return null;
  }
}

/** Whether the header can be sent. The error of `fetch` for a wrong value would quote the token. */
function isHeader(header: TokenHeader): boolean {
  try {
    return typeof header.name === 'string' && new Headers([[header.name, header.value('example')]]).has(header.name);
  } catch {
    return false;
  }
}

function isClientError(status: number): boolean {
  return status >= 400 && status < 500;
}

/** An outcome with missing members must not replace a session. */
function checkedOutcome(outcome: RefreshOutcome | undefined): RefreshOutcome {
  return outcome && isWhole(outcome) ? outcome : invalidResponse('`readRefresh` must return one of the outcomes of `RefreshOutcome`, with all its members');
}

function isWhole(outcome: RefreshOutcome): boolean {
  switch (outcome.kind) {
    case 'granted':
      return true; // The client checks the tokens of every protocol.
    case 'final':
      return isText(outcome.reason);
    case 'misconfigured':
      return isText(outcome.detail);
    case 'transient':
      return isText(outcome.detail) && (outcome.retryAfterMs === null || outcome.retryAfterMs >= 0);
    default:
      return false;
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
