import { AuthError, invalidConfig } from './auth-error.ts';
import { httpUrl } from './http-url.ts';

/** Decides where the access token may go. */
export interface Origins {
  /** Makes an address absolute: a path continues the base URL, `/posts` is `https://api.bonfire.camp/v1/posts`. */
  readonly resolve: (address: string) => string;
  /** Throws `origin_not_allowed` unless the token may go to this absolute address. */
  readonly check: (address: string) => void;
}

/**
 * Creates the allow-list.
 *
 * @param baseUrl what relative addresses continue; always allowed
 * @param resourceOrigins the protocol's own
 * @param allowed the app's, such as `https://files.bonfire.camp`
 * @throws AuthError `invalid_config` for an entry that is no http(s) origin
 */
export function createOrigins(baseUrl: string, resourceOrigins: readonly string[], allowed: readonly string[]): Origins {
  const base = new URL(baseUrl).href.replace(/\/+$/, '');
  const below = `${base}/`;
  const origins = new Set([new URL(baseUrl).origin, ...resourceOrigins, ...allowed.map(originOf)]);

  return {
    resolve(text) {
      if (/^\/\w/.test(text)) return base + text; // Nearly every call is one, and what follows it makes it nothing else.
      const address = text.replace(/^[\0- ]+|[\t\n\r]/g, ''); // As the URL standard does, before it looks what kind of address it is.
      // An absolute or protocol-relative address stands for itself; everything else continues the base path.
      if (/^[a-z][a-z\d+.-]*:/i.test(address)) return new URL(address).href;
      if (/^[/\\]{2}/.test(address)) return new URL(address, base).href;
      return base + address.replace(/^(?=[^/?#])/, '/');
    },
    check(address) {
      if (address.startsWith(below)) return;
      const { origin } = new URL(address);
      if (!origins.has(origin)) {
        throw new AuthError(
          'origin_not_allowed',
          `The access token must not go to ${origin}; add it to \`allowedOrigins\` if it is yours, or use plain \`fetch\`.`,
          { field: 'allowedOrigins' },
        );
      }
    },
  };
}

function originOf(entry: string, index: number): string {
  const url = httpUrl(entry);
  if (!url || url.href !== `${url.origin}/`) {
    throw invalidConfig(`allowedOrigins[${index}]`, 'must be an http(s) origin such as "https://api.bonfire.camp"');
  }
  return url.origin;
}
