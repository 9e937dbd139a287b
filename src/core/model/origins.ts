import { originHint } from '#words';
import { AuthError, invalidSetting } from './auth-error.ts';
import { checkedOrigins } from './base-url.ts';
import { httpUrl, urlOf } from './http-url.ts';
import type { Protocol } from './protocol.ts';

/** The origins that may get the access token, and how addresses are resolved. */
export interface Origins {
  /** Makes an address absolute. A path continues the base URL: `/posts` is `https://api.bonfire.camp/v1/posts`. */
  readonly resolve: (address: string) => string;
  /** Makes the address of a token request absolute. A path is resolved against the origin of `endpointBase`. */
  readonly resolveEndpoint: (address: string) => string;
  /** Throws `origin_not_allowed` unless the token may go to this absolute address. */
  readonly check: (address: string) => void;
}

/**
 * Creates the allow-list of calls. The `tokenEndpoints` of a protocol are not in it, because an authorization server must not
 * get the access token.
 *
 * @param protocol the origin of its `baseUrl` is in the list; a path is resolved against the page at the first use
 * @param allowedOrigins the app's own, such as `https://files.bonfire.camp`
 * @param page gives the address of the page; `null` outside a page
 * @throws AuthError `invalid_config` for an entry that is not an http(s) origin
 */
export function createOrigins(
  { baseUrl, endpointBase = baseUrl, resourceOrigins }: Pick<Protocol, 'baseUrl' | 'endpointBase' | 'resourceOrigins'>,
  allowedOrigins: readonly string[],
  page: { readonly pageUrl: () => string | null },
): Origins {
  const origins = new Set([...resourceOrigins, ...checkedOrigins(allowedOrigins, 'allowedOrigins')]);
  let base = '';

  /** Resolved at the first use, because a module may create the client on a server, which has no page. */
  function open(): string {
    if (base !== '') return base;
    const url = absoluteBase(baseUrl, page.pageUrl());
    origins.add(url.origin);
    return (base = url.href.replace(/\/+$/, ''));
  }

  return {
    resolve(text) {
      const root = open();
      if (/^\/\w/.test(text)) return root + text; // The shape of nearly every call; it needs none of the checks below.
      const address = text.replace(/^[\0- ]+|[\t\n\r]/g, ''); // The URL standard removes these before it looks at the kind of address.
      // An absolute or protocol-relative address stands for itself; anything else continues the base path.
      if (/^[a-z][a-z\d+.-]*:/i.test(address)) return new URL(address).href;
      if (/^[/\\]{2}/.test(address)) return new URL(address, root).href;
      return root + address.replace(/^(?=[^/?#])/, '/');
    },
    resolveEndpoint: (address) => new URL(address, absoluteBase(endpointBase, page.pageUrl())).href,
    check(address) {
      if (address.startsWith(open()) && address[base.length] === '/') return;
      const { origin } = new URL(address);
      if (origins.has(origin)) return;
      throw new AuthError('origin_not_allowed', `The access token must not go to ${origin}.${originHint(origin, page.pageUrl())}`, { field: 'allowedOrigins' });
    },
  };
}

function absoluteBase(baseUrl: string, pageUrl: string | null): URL {
  const absolute = urlOf(baseUrl);
  if (absolute) return absolute;
  const page = httpUrl(pageUrl); // The origin of any other page, such as a file, would be `null`, which is that of all files.
  if (page) return new URL(baseUrl || '/', page.origin); // Without the page's credentials, which `fetch` refuses.
  throw invalidSetting('baseUrl', baseUrl, 'baseUrl outside a page');
}
