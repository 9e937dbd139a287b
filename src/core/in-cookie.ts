import { adviseLostCookie } from '#advice';
import { confirmByCookie } from './confirm-by-cookie.ts';
import type { PageParts } from './confirm-session.ts';
import { invalidSetting } from './model/auth-error.ts';
import { cookieOutcome } from './model/cookie-answer.ts';
import type { CookieReader, CsrfHeader, RefreshCookie } from './model/protocol.ts';
import { mayPresume, presumeChange } from './model/record-change.ts';
import { isPresumed } from './model/storage-record.ts';
import { cookieReaderOf } from './platform/page-cookie.ts';
import { createHoldJar, createRequestTurn, createSignInTurn } from './session/cookie-jar.ts';
import { createRemoveCookie, noteAnswered } from './session/cookie-removal.ts';

/** The settings of a refresh token that is in a cookie. */
export interface RefreshCookieOptions {
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
 * Leaves the refresh token of a protocol in an HttpOnly cookie of the token endpoint, which no script can read.
 *
 * @param options the anti-CSRF header and the hint, see {@link RefreshCookieOptions}
 * @throws AuthError `invalid_config`, with the field `csrfHeader` or `hintCookie`
 * @example
 * ```ts
 * import { inCookie } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * const protocol = bonfire({
 *   baseUrl: 'https://api.bonfire.camp/v1',
 *   appKey: 'my-app-key',
 *   refreshToken: inCookie({ hintCookie: 'signed_in' }),
 *   signOutPath: '/sign-out',
 * });
 * ```
 */
export function inCookie({ csrfHeader = DEFAULT_HEADER, hintCookie: hint }: RefreshCookieOptions = {}): RefreshCookie {
  if (!isHeader(csrfHeader)) throw invalidSetting('csrfHeader', csrfHeader);
  if (hint !== undefined && !isName(hint)) throw invalidSetting('hintCookie', hint);
  const parts: PageParts = { confirmByCookie, createHoldJar, createRequestTurn, createSignInTurn, createRemoveCookie, noteAnswered };
  return {
    csrfHeader,
    hint,
    headers: (page) => headersOf(csrfHeader, page),
    outcomeOf(read, answer, session, platform) {
      const outcome = cookieOutcome(read, answer, isPresumed(session));
      adviseLostCookie(platform, session, answer, outcome.kind === 'final');
      return outcome;
    },
    presume(stored, page) {
      const read = cookieReaderOf(page);
      const isHinted = hint === undefined || !read ? null : read(hint) !== null;
      return mayPresume(stored, isHinted) ? presumeChange(page.randomId(), isHinted) : null;
    },
    parts,
  };
}

/** Returns the anti-CSRF header. A cookie that is missing gives none, and the API decides. */
function headersOf(header: CsrfHeader, page: CookieReader): Readonly<Record<string, string>> {
  const value = 'cookie' in header ? decoded(cookieReaderOf(page)?.(header.cookie) ?? '') : header.value;
  return value ? { [header.name]: value } : {};
}

/** Frameworks write a cookie percent-encoded, and compare the header with the decoded value. */
function decoded(value: string): string {
  try {
    const text = decodeURIComponent(value);
    return /^[\x20-\x7e]+$/.test(text) ? text : value;
  } catch {
    return value;
  }
}

function isHeader(header: Partial<Record<string, unknown>>): boolean {
  const { name, value, cookie } = header ?? {};
  return isName(name) && (typeof value === 'string' ? /^[\x20-\x7e]+$/.test(value) : isName(cookie));
}

/** Whether a text can be the name of a header or of a cookie. */
function isName(value: unknown): boolean {
  return typeof value === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(value);
}
