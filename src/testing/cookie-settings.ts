import { checkBoolean, checkNumber, checkObject, checkOneOf, checkText } from './option-check.ts';
import { given } from '../core/words.ts';

/** A header that a page of another site cannot send. Its value is constant, or it repeats a cookie that pages can read (double submit). */
export type CsrfHeader = { readonly name: string; readonly value: string } | { readonly name: string; readonly cookie: string };

/** How the API keeps refresh tokens in a cookie. The cookie is always `HttpOnly`. */
export interface CookieSettings {
  /** The name of the cookie; default `bonfire_refresh`. */
  readonly name: string;
  /** Its `SameSite`; default `Strict`. With `null` the attribute is left out. */
  readonly sameSite: 'Strict' | 'Lax' | 'None' | null;
  /** Whether it is `Secure`; default true. */
  readonly secure: boolean;
  /** Whether it is `Partitioned`; default false. */
  readonly partitioned: boolean;
  /** Its `Path`; by default the base path and `/oauth`. */
  readonly path: string | null;
  /** How long the browser keeps it after a sign-in or refresh, ms; with `null`, the default, until the browser ends. */
  readonly maxAgeMs: number | null;
  /** The anti-CSRF header that token requests must carry; default `{ name: 'x-csrf', value: '1' }`. With `null` none is needed. */
  readonly csrfHeader: CsrfHeader | null;
  /** The name of a cookie that pages can read and that exists as long as the refresh token's; none by default. */
  readonly hintCookie: string | null;
  /** The `Domain` of the cookies that pages read; without it only pages of the API's own host can read them. */
  readonly readableDomain: string | null;
  /** The answer to a refresh without the cookie: error 451 with HTTP 401 (`refuse`, the default), or HTTP 204 (`empty`). */
  readonly withoutCookie: 'refuse' | 'empty';
  /** Whether the API lets pages of other origins send cookies, by `Access-Control-Allow-Credentials`; default true. */
  readonly allowCredentials: boolean;
}

/** The default settings of the cookie. */
export const DEFAULT_COOKIE: CookieSettings = Object.freeze({
  name: 'bonfire_refresh',
  sameSite: 'Strict',
  secure: true,
  partitioned: false,
  path: null,
  maxAgeMs: null,
  csrfHeader: { name: 'x-csrf', value: '1' },
  hintCookie: null,
  readableDomain: null,
  withoutCookie: 'refuse',
  allowCredentials: true,
});

/**
 * Returns the settings of the cookie with some of them changed.
 *
 * @throws TypeError or RangeError that names the setting, its rule and its value
 */
export function mergeCookie(base: CookieSettings, patch: Partial<CookieSettings> = {}): CookieSettings {
  checkObject('cookie', patch);
  const stated = Object.entries(patch).filter(([, value]) => value !== undefined);
  const merged: CookieSettings = { ...base, ...Object.fromEntries(stated) };
  checkCookie(merged);
  return Object.freeze(merged);
}

function checkCookie(cookie: CookieSettings): void {
  const { path, maxAgeMs, csrfHeader, hintCookie, readableDomain } = cookie;
  checkName('cookie.name', cookie.name);
  checkOneOf('cookie.sameSite', cookie.sameSite, ['Strict', 'Lax', 'None', null]);
  checkBoolean('cookie.secure', cookie.secure);
  checkBoolean('cookie.partitioned', cookie.partitioned);
  if (path !== null && !/^\/[^;]*$/.test(path)) throw new RangeError(`\`cookie.path\` must start with "/", or be null${given(path)}.`);
  if (maxAgeMs !== null) checkNumber('cookie.maxAgeMs', maxAgeMs, 'must be a number of ms above 0, or null', (ms) => ms > 0 && Number.isFinite(ms));
  if (csrfHeader !== null) checkCsrfHeader(csrfHeader);
  if (hintCookie !== null) checkName('cookie.hintCookie', hintCookie);
  if (readableDomain !== null) checkText('cookie.readableDomain', readableDomain);
  checkOneOf('cookie.withoutCookie', cookie.withoutCookie, ['refuse', 'empty']);
  checkBoolean('cookie.allowCredentials', cookie.allowCredentials);
}

function checkCsrfHeader(header: CsrfHeader): void {
  checkObject('cookie.csrfHeader', header);
  checkName('cookie.csrfHeader.name', header.name);
  if ('cookie' in header) checkName('cookie.csrfHeader.cookie', header.cookie);
  else checkText('cookie.csrfHeader.value', header.value);
}

/** Throws unless a value is a token of RFC 9110, as the names of headers and cookies are. */
function checkName(field: string, value: string): void {
  checkText(field, value);
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(value)) throw new RangeError(`\`${field}\` must be a name without spaces and separators${given(value)}.`);
}
