import type { Platform } from './platform.ts';

/**
 * Returns the function that reads cookies: that of the platform, or the one of the page. Outside a page there is none.
 *
 * It is not a member of `browserPlatform()`, so that only apps that use it load it.
 */
export function cookieReaderOf({ readCookie }: Pick<Platform, 'readCookie'>): Platform['readCookie'] {
  return readCookie ?? (globalThis.document && readPageCookie);
}

/** The value is as the server wrote it: a cookie has no encoding of its own. */
function readPageCookie(name: string): string | null {
  try {
    const pairs = globalThis.document.cookie.split('; ');
    return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
  } catch {
    return null; // A sandboxed frame has no cookies.
  }
}
