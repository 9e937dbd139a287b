import { pathOf } from './web-request.ts';

/** The header that names the session which a page shows. A form and a page of another site cannot send it. */
const SESSION_HEADER = 'x-session';

/** Headers of a request, and its address. */
export type PageRequest = Pick<Request, 'headers' | 'method' | 'url'>;

/**
 * Whether a page of this origin has made a request.
 *
 * The request must have the header `x-session` or `x-csrf: 1`, because another site can send neither without the permission of
 * this server, which never gives one. A `GET` or `HEAD` needs no such header if the browser states that the request is of the same
 * origin, because an `EventSource` and an image cannot have one.
 *
 * @throws AuthError `invalid_config` with the field `request`, if it is no web-standard request
 * @see RFC 10017 section 6.1.3.3.2; W3C Fetch Metadata Request Headers section 2.2
 */
export function isPageRequest(request: PageRequest): boolean {
  if (isForeign(request)) return false;
  const { headers, method } = request;
  if (namedSession(request) !== null || headers.get('x-csrf') === '1') return true;
  return (method === 'GET' || method === 'HEAD') && headers.get('sec-fetch-site') !== null;
}

/** Whether a browser states that another origin, or no page, has made a request. `Host` is that of the browser's address. */
export function isForeign(request: PageRequest): boolean {
  pathOf(request);
  const { headers, url } = request;
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin';
  const origin = headers.get('origin');
  return origin !== null && origin.replace(/^https?:\/\//, '') !== (headers.get('host') ?? new URL(url).host);
}

/** Returns the public name of the session that the page shows; `null` if the request names none. */
export function namedSession({ headers }: Pick<Request, 'headers'>): string | null {
  return headers.get(SESSION_HEADER) || null;
}
