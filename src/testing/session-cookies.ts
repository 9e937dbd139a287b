import { ApiError } from './api-error.ts';
import type { Arrival, Backend } from './backend.ts';
import type { CookieSettings } from './cookie-settings.ts';
import { pathOf } from './endpoint.ts';

/** Reads a `Cookie` header. */
export function readCookies(header: string | null): ReadonlyMap<string, string> {
  const pairs = (header ?? '').split('; ').filter((pair) => pair.includes('='));
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

/** Returns the refresh token in the cookie of a request; `null` if there is none, or if the API keeps none in cookies. */
export function cookieToken(cookies: ReadonlyMap<string, string>, { settings }: Backend): string | null {
  const { refreshToken, cookie } = settings();
  return refreshToken === 'cookie' ? cookies.get(cookie.name) || null : null;
}

/**
 * Checks the anti-CSRF header of a token request; throws error 730 with HTTP 403 if it is missing or wrong.
 *
 * With double submit, a request without any of the API's cookies passes, because it can use no session. A refusal sets the readable
 * cookie if it is missing, because otherwise that user could neither sign in nor out. A page of another site cannot read it.
 */
export function checkCsrf({ request, cookies, setCookies }: Arrival, { settings }: Backend): void {
  const { cookie } = settings();
  const { csrfHeader, name } = cookie;
  if (settings().refreshToken !== 'cookie' || csrfHeader === null) return;
  const isDouble = 'cookie' in csrfHeader;
  const wanted = isDouble ? cookies.get(csrfHeader.cookie) : csrfHeader.value;
  if (isDouble && wanted === undefined && !cookies.has(name)) return;
  if (wanted !== undefined && request.headers.get(csrfHeader.name) === wanted) return;
  if (isDouble && wanted === undefined) setCookies.push(`${csrfHeader.cookie}=${crypto.randomUUID()}${readableAttributes(cookie)}`);
  throw new ApiError(730, { status: 403, message: `The header \`${csrfHeader.name}\` must be ${isDouble ? `the value of the cookie \`${csrfHeader.cookie}\`` : wanted}.` });
}

/** Sets the cookies of a session. The readable cookies get the same lifetime as the refresh token's. */
export function setSessionCookies({ setCookies, cookies }: Arrival, refreshToken: string, backend: Backend): void {
  const { cookie } = backend.settings();
  const { csrfHeader, hintCookie, maxAgeMs } = cookie;
  const life = maxAgeMs === null ? '' : `; Max-Age=${Math.ceil(maxAgeMs / 1000)}`;
  setCookies.push(`${cookie.name}=${refreshToken}${hiddenAttributes(cookie, backend)}${life}`);
  if (hintCookie !== null) setCookies.push(`${hintCookie}=1${readableAttributes(cookie)}${life}`);
  if (csrfHeader !== null && 'cookie' in csrfHeader) {
    setCookies.push(`${csrfHeader.cookie}=${cookies.get(csrfHeader.cookie) ?? crypto.randomUUID()}${readableAttributes(cookie)}${life}`);
  }
}

/** Removes the cookies of a session. */
export function clearSessionCookies({ setCookies }: Arrival, backend: Backend): void {
  const { cookie } = backend.settings();
  const { csrfHeader, hintCookie } = cookie;
  setCookies.push(`${cookie.name}=${hiddenAttributes(cookie, backend)}; Max-Age=0`);
  if (hintCookie !== null) setCookies.push(`${hintCookie}=${readableAttributes(cookie)}; Max-Age=0`);
  if (csrfHeader !== null && 'cookie' in csrfHeader) setCookies.push(`${csrfHeader.cookie}=${readableAttributes(cookie)}; Max-Age=0`);
}

function hiddenAttributes(cookie: CookieSettings, { fixture }: Backend): string {
  return `; Path=${cookie.path ?? fixture.basePath + pathOf('refresh')}; HttpOnly${crossSiteAttributes(cookie)}`;
}

function readableAttributes(cookie: CookieSettings): string {
  return `; Path=/${cookie.readableDomain === null ? '' : `; Domain=${cookie.readableDomain}`}${crossSiteAttributes(cookie)}`;
}

function crossSiteAttributes({ sameSite, secure, partitioned }: CookieSettings): string {
  return `${sameSite === null ? '' : `; SameSite=${sameSite}`}${secure ? '; Secure' : ''}${partitioned ? '; Partitioned' : ''}`;
}
