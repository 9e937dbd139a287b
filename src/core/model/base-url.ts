import { invalidConfig } from './auth-error.ts';
import { httpUrl } from './http-url.ts';

/**
 * A base URL without the slashes at its end, so that it names the same session however it is written.
 *
 * @throws AuthError `invalid_config` naming `baseUrl`
 */
export function checkedBaseUrl(value: unknown): string {
  const url = httpUrl(value);
  if (!url || url.href !== url.origin + url.pathname) {
    throw invalidConfig('baseUrl', 'must be an http(s) address such as "https://api.example.com/v1", without query, fragment or credentials');
  }
  return url.href.replace(/\/+$/, '');
}
