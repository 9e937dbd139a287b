import { invalidConfig } from './auth-error.ts';
import { httpUrl } from './http-url.ts';
import type { Protocol } from './protocol.ts';

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
 *     return { kind: 'granted', tokens: { ...previous, accessToken: access, refreshToken: refresh, expiresAt: now + lifetime * 1000 } };
 *   },
 *   isRejection: ({ status, body }) => status === 401 && body.includes('expired'),
 * });
 * const auth = createAuthClient({ protocol });
 * ```
 */
export function defineProtocol(definition: ProtocolDefinition): Protocol {
  const { name, baseUrl } = definition;
  if (typeof name !== 'string' || name === '') throw invalidConfig('name', 'must be the non-empty name of the profile');
  const url = httpUrl(baseUrl);
  if (!url || url.href !== url.origin + url.pathname) {
    throw invalidConfig('baseUrl', 'must be an absolute http(s) address such as "https://api.example.com/v1", without query, fragment or credentials');
  }
  for (const member of ['refreshRequest', 'readRefresh', 'isRejection'] as const) {
    if (typeof definition[member] !== 'function') throw invalidConfig(member, 'must be a function');
  }
  return {
    resourceOrigins: [url.origin],
    mayReject: (status) => status >= 400 && status < 500,
    anonymousAuthorization: () => null,
    ...definition,
  };
}
