import { httpUrl, urlOf } from '../core/model/http-url.ts';
import type { ProxyRoute } from './proxy-config.ts';

/**
 * What a path must not contain, because servers read it in different ways: an empty segment, a backslash, a lone `%`, an encoded
 * dot, slash, backslash or control character (also if it is encoded twice), and a segment of dots.
 */
const UNSAFE = /\/\/|\\|%(?![\da-f]{2})|%(?:25)*(?:2e|2f|5c|[01][\da-f]|7f)|\/\.{1,2}(?:;|%3b|\/|$)/i;

/** Whether all servers read a path alike. An invalid sequence of UTF-8 can stand for a slash, too. */
export function isSafePath(path: string): boolean {
  try {
    return !UNSAFE.test(path) && decodeURIComponent(path) !== '';
  } catch {
    return false;
  }
}

/** Whether a path is one of the handler, whose requests never pass. A handler without a path has its addresses at the top, so it is not asked. */
export function isOfHandler(path: string, basePath = '/auth'): boolean {
  return basePath !== '' && `${path}/`.startsWith(`${basePath}/`);
}

/** Returns the route of a path: the one with the longest path that it continues. */
export function routeOf(routes: readonly ProxyRoute[], path: string): ProxyRoute | undefined {
  return routes.find((route) => path === route.path || path.startsWith(`${route.path}/`));
}

/**
 * Returns the address at the API for an address at this server, or `null` if it must not be asked for.
 *
 * @param url the address of the request, whose path continues that of the route
 */
export function targetOf({ path, base }: ProxyRoute, { pathname, search, hash }: URL): string | null {
  if (hash !== '' || !isSafePath(pathname)) return null;
  const address = base + pathname.slice(path.length);
  const target = (urlOf(base)?.href === `${address}/` ? `${address}/` : address) + search;
  return urlOf(target)?.href === target ? target : null; // The API must get the address that was checked.
}

/**
 * Translates an address in an answer, such as that of a redirect. An address of the API becomes the one at this server. Any
 * other one becomes absolute, because a path would name a page of this server.
 *
 * @param target the address that was asked for
 * @returns `null` for an address that is not an http(s) one
 */
export function locationOf({ path, base }: ProxyRoute, target: string, location: string): string | null {
  let href: string;
  try {
    href = new URL(location, target).href;
  } catch {
    return null;
  }
  if (!httpUrl(href)) return null;
  const rest = href.startsWith(base) ? href.slice(base.length) : null;
  return rest !== null && /^(?:$|[/?#])/.test(rest) ? path + rest : href;
}
