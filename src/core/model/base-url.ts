import { invalidSetting } from './auth-error.ts';
import { httpUrl, urlOf } from './http-url.ts';

const ANY_ORIGIN = 'https://page.invalid';

/**
 * Checks a base URL and removes the slashes at its end, so that each spelling names the same session.
 *
 * @param value an absolute http(s) address, or a path such as `/api`, which is resolved against the page
 * @throws AuthError `invalid_config` naming `baseUrl`
 */
export function checkedBaseUrl(value: unknown): string {
  const isPath = typeof value === 'string' && /^\/(?![/\\])/.test(value);
  const url = httpUrl(isPath ? ANY_ORIGIN + value : value);
  // A path such as `/..//host` becomes `//host`, which would name another host.
  if (!url || url.href !== url.origin + url.pathname || (isPath && url.pathname.startsWith('//'))) throw invalidSetting('baseUrl', value);
  return (isPath ? url.pathname : url.href).replace(/\/+$/, '');
}

/** The origin of a checked base URL, as a list; empty for a path, whose origin is the page's. */
export function originsOf(baseUrl: string): readonly string[] {
  return [urlOf(baseUrl)?.origin ?? []].flat();
}

/**
 * Checks a list of origins, and removes the slash at the end of an entry.
 *
 * @param field names the list
 * @throws AuthError `invalid_config` naming the entry
 */
export function checkedOrigins(entries: readonly unknown[], field: string): string[] {
  return entries.map((entry, index) => {
    const url = httpUrl(entry);
    if (!url || url.href !== `${url.origin}/`) throw invalidSetting(`${field}[${index}]`, entry, 'origin');
    return url.origin;
  });
}
