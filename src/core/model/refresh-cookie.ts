import { invalidSetting } from './auth-error.ts';
import type { CsrfHeader, RefreshCookie } from './protocol.ts';

/** The settings of a protocol whose refresh token is in a cookie. */
export interface RefreshCookieOptions {
  /**
   * With `cookie`, the refresh token is in an HttpOnly cookie of the token endpoint. Token requests then have the cookies of the
   * endpoint, and no token of a script. Default: the refresh token is in the token answer.
   */
  readonly refreshToken?: 'cookie' | undefined;
  /**
   * The anti-CSRF header of token requests: `{ name, value }`, or `{ name, cookie }` for the value of a cookie that scripts can
   * read (double submit). Default: `x-csrf: 1`.
   */
  readonly csrfHeader?: CsrfHeader | undefined;
  /**
   * The name of a cookie that scripts can read, and that exists exactly while the refresh token does. A visitor without it costs
   * no request.
   */
  readonly hintCookie?: string | undefined;
}

const DEFAULT_HEADER: CsrfHeader = { name: 'x-csrf', value: '1' };

/**
 * Returns the `refreshCookie` of a protocol; `undefined` if the refresh token is not in a cookie.
 *
 * @throws AuthError `invalid_config`, with the field `refreshToken`, `csrfHeader` or `hintCookie`
 */
export function refreshCookieOf({ refreshToken, csrfHeader = DEFAULT_HEADER, hintCookie }: RefreshCookieOptions): RefreshCookie | undefined {
  if (refreshToken === undefined) return undefined;
  if (refreshToken !== 'cookie') throw invalidSetting('refreshToken', refreshToken, 'refreshToken of a protocol');
  if (!isHeader(csrfHeader)) throw invalidSetting('csrfHeader', csrfHeader);
  if (hintCookie !== undefined && !isName(hintCookie)) throw invalidSetting('hintCookie', hintCookie);
  return { csrfHeader, hint: hintCookie };
}

function isHeader(header: Partial<Record<string, unknown>>): boolean {
  const { name, value, cookie } = header ?? {};
  return isName(name) && (typeof value === 'string' ? /^[\x20-\x7e]+$/.test(value) : isName(cookie));
}

/** Whether a text can be the name of a header or of a cookie. */
function isName(value: unknown): boolean {
  return typeof value === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(value);
}
