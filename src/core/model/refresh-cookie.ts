import { invalidSetting } from './auth-error.ts';
import type { RefreshCookie } from './protocol.ts';

/** The setting of a protocol for the place of its refresh token. */
export interface RefreshTokenPlace {
  /**
   * With `inCookie()`, the refresh token is in an HttpOnly cookie of the token endpoint. Token requests then have the cookies of the
   * endpoint, and no token of a script. Default: the refresh token is in the token answer.
   */
  readonly refreshToken?: RefreshCookie | undefined;
}

/**
 * Returns the `refreshCookie` of a protocol; `undefined` if the refresh token is not in a cookie.
 *
 * @throws AuthError `invalid_config`, with the field `refreshToken`
 */
export function refreshCookieOf({ refreshToken }: RefreshTokenPlace): RefreshCookie | undefined {
  if (refreshToken === undefined || (refreshToken as RefreshCookie | null)?.parts) return refreshToken;
  throw invalidSetting('refreshToken', refreshToken, 'refreshToken of a protocol');
}
