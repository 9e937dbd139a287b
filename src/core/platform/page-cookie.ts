/**
 * Returns the value of a cookie of the page, or `null` if there is none. It is not a member of `browserPlatform()`, so that only apps that use it load it.
 *
 * The value is as the server wrote it: a cookie has no encoding of its own.
 */
export function readPageCookie(name: string): string | null {
  try {
    const pairs = (globalThis.document?.cookie ?? '').split('; ');
    return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
  } catch {
    return null; // A sandboxed frame has no cookies.
  }
}
