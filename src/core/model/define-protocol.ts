import { invalidConfig } from './auth-error.ts';
import { checkedBaseUrl } from './base-url.ts';
import type { Protocol } from './protocol.ts';
import { invalidResponse, type RefreshOutcome } from './refresh-outcome.ts';

/** A wire profile with what goes without saying left out. */
export type ProtocolDefinition = Pick<Protocol, 'name' | 'baseUrl' | 'refreshRequest' | 'readRefresh' | 'isRejection'> & Partial<Protocol>;

/**
 * Makes a wire profile for an API that none of the profiles here fits.
 *
 * Its functions are pure: what they need to know comes as arguments, and they send nothing.
 *
 * @param definition left out, `resourceOrigins` is the base URL's origin, `mayReject` takes every 4xx status for a
 * possible rejection, and no call goes out while signed out
 * @throws AuthError `invalid_config` naming the member
 * @example
 * ```ts
 * import { createAuthClient, defineProtocol } from 'unexpired/core';
 * const protocol = defineProtocol({
 *   name: 'shop',
 *   baseUrl: 'https://shop.example.com/api',
 *   refreshRequest: (refreshToken) => ({
 *     url: 'https://shop.example.com/api/session/renew',
 *     method: 'POST',
 *     headers: { 'content-type': 'application/json' },
 *     body: JSON.stringify({ token: refreshToken }),
 *     secrets: [refreshToken],
 *   }),
 *   readRefresh({ status, body, now, retryAfterMs }, previous) {
 *     if (status === 410) return { kind: 'final', reason: 'refresh_token_invalid' };
 *     if (status !== 200) return { kind: 'transient', cause: 'refused', retryAfterMs, detail: `The shop answered HTTP ${status}.` };
 *     const { access, refresh, lifetime } = JSON.parse(body);
 *     const refreshToken = refresh ?? previous.refreshToken; // An API that does not rotate leaves it out.
 *     return { kind: 'granted', tokens: { ...previous, accessToken: access, refreshToken, expiresAt: now + lifetime * 1000 } };
 *   },
 *   isRejection: ({ status, body }) => status === 401 && body.includes('expired'),
 * });
 * const auth = createAuthClient({ protocol });
 * ```
 */
export function defineProtocol(definition: ProtocolDefinition): Protocol {
  const { name, readRefresh } = definition ?? {};
  if (typeof name !== 'string' || name === '') throw invalidConfig('name', 'must be the non-empty name of the profile');
  const baseUrl = checkedBaseUrl(definition.baseUrl);
  for (const member of ['refreshRequest', 'readRefresh', 'isRejection'] as const) {
    if (typeof definition[member] !== 'function') throw invalidConfig(member, 'must be a function');
  }
  const { resourceOrigins = [new URL(baseUrl).origin], mayReject = isClientError, anonymousAuthorization = () => null } = definition;
  return {
    ...definition,
    baseUrl,
    resourceOrigins,
    mayReject,
    anonymousAuthorization,
    readRefresh: (answer, previous) => checkedOutcome(readRefresh(answer, previous)),
  };
}

function isClientError(status: number): boolean {
  return status >= 400 && status < 500;
}

/** What cannot be stored, or tells nothing, must not take the place of a session. */
function checkedOutcome(outcome: RefreshOutcome | undefined): RefreshOutcome {
  return outcome && isWhole(outcome) ? outcome : invalidResponse('`readRefresh` must return one of the outcomes of `RefreshOutcome`, with all its members');
}

function isWhole(outcome: RefreshOutcome): boolean {
  switch (outcome.kind) {
    case 'granted':
      return true; // The client looks at the tokens of every protocol.
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
