import { urlOf } from '../core/model/http-url.ts';

/**
 * Returns where the user goes on after a sign-in, as a path with its query and fragment.
 *
 * An address of another origin would be an open redirect, so it becomes the start page.
 *
 * @param returnTo a path such as `/posts/7`, or an address of the page's origin
 * @param pageUrl the address of the page
 */
export function returnPath(returnTo: string, pageUrl: string): string {
  const { origin } = new URL(pageUrl);
  const url = resolved(returnTo, pageUrl);
  // A path such as `/..//host` becomes `//host`, which names another host.
  return url?.origin === origin && !url.pathname.startsWith('//') ? url.pathname + url.search + url.hash : '/';
}

function resolved(address: string, base: string): URL | null {
  try {
    return new URL(address, base);
  } catch {
    return urlOf(base);
  }
}
