import { endpointHint, originHint } from '#words';
import { AuthError, invalidSetting } from './auth-error.ts';
import { checkedOrigins } from './base-url.ts';
import { httpUrl, urlOf } from './http-url.ts';
import type { Protocol } from './protocol.ts';

/** The origins that may get the access token, and those that token requests may go to. */
export interface Origins {
  /** Makes an address absolute. A path continues the base URL: `/posts` is `https://api.bonfire.camp/v1/posts`. */
  readonly resolve: (address: string) => string;
  /** Makes the address of a token request absolute. A path is resolved against the origin of the base URL. */
  readonly resolveEndpoint: (address: string) => string;
  /** Throws `origin_not_allowed` unless the token may go to this absolute address. */
  readonly check: (address: string) => void;
  /** Throws `origin_not_allowed` unless a token request may go to this address. */
  readonly checkEndpoint: (address: string) => void;
}

/**
 * Creates both allow-lists. They are separate, because an authorization server must not get the access token.
 *
 * @param protocol the origin of its `baseUrl` is in both lists; a path is resolved against the page at the first use
 * @param allowedOrigins the app's own, such as `https://files.bonfire.camp`
 * @param page gives the address of the page; `null` outside a page
 * @throws AuthError `invalid_config` for an entry that is not an http(s) origin
 */
export function createOrigins(
  { baseUrl, resourceOrigins, tokenEndpoints = [] }: Pick<Protocol, 'baseUrl' | 'resourceOrigins' | 'tokenEndpoints'>,
  allowedOrigins: readonly string[],
  page: { readonly pageUrl: () => string | null },
): Origins {
  const origins = new Set([...resourceOrigins, ...checkedOrigins(allowedOrigins, 'allowedOrigins')]);
  const endpointOrigins = new Set(tokenEndpoints.map((address) => httpUrl(address)?.origin));
  let base = '';

  /** Resolved at the first use, because a module may create the client on a server, which has no page. */
  function open(): string {
    if (base !== '') return base;
    const url = absoluteBase(baseUrl, page.pageUrl());
    origins.add(url.origin);
    endpointOrigins.add(url.origin);
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
    resolveEndpoint: (address) => new URL(address, open()).href,
    check(address) {
      if (address.startsWith(`${open()}/`)) return;
      const { origin } = new URL(address);
      if (!origins.has(origin)) throw notAllowed(`The access token must not go to ${origin}.${originHint(origin, page.pageUrl())}`, 'allowedOrigins');
    },
    checkEndpoint(address) {
      const { origin } = new URL(address, open());
      if (!endpointOrigins.has(origin)) throw notAllowed(`A token request must not go to ${origin}.${endpointHint}`, 'tokenEndpoints');
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

function notAllowed(message: string, field: string): AuthError {
  return new AuthError('origin_not_allowed', message, { field });
}
