import { invalidConfig } from '../core/model/auth-error.ts';
import { isSessionId } from './session-id.ts';
import { headersOf } from './web-request.ts';

/** The options of the cookie that carries the session id. */
export interface SessionCookieOptions {
  /** Default: `__Host-session`, or `session` if `secure` is false. */
  readonly name?: string | undefined;
  /**
   * With `Strict`, the default, the browser does not send the cookie when the user follows a link from another site. So the
   * first page after such a link shows no user. With `Lax`, it does send it then, for `GET` only. Use `Lax` if the server renders
   * pages for signed-in users. Never change anything in answer to a `GET`.
   */
  readonly sameSite?: 'Strict' | 'Lax' | undefined;
  /** Whether the cookie needs https. Default: true. Only for development over plain http in a browser that refuses secure cookies there. */
  readonly secure?: boolean | undefined;
}

/** The cookie of one app. It is set at sign-in and removed at sign-out, and no other answer changes it. */
export interface SessionCookie {
  readonly name: string;
  /**
   * Returns the id that a request carries, or `null` if it carries none of the right shape. Of two different ids, one may be that of
   * an attacker who controls a subdomain, so the result is `null`, too.
   *
   * @throws AuthError `invalid_config` with the field `request`
   */
  readonly read: (request: Pick<Request, 'headers'>) => string | null;
  /** Whether the browser may have an id that a request does not carry, because another site has made the browser send it. */
  readonly mayBeKeptBack: (request: Pick<Request, 'headers'> & Partial<Pick<Request, 'method'>>) => boolean;
  /** Returns the `Set-Cookie` that stores an id. */
  readonly set: (id: string) => string;
  /** The `Set-Cookie` that removes the id. */
  readonly removal: string;
}

/**
 * Creates the cookie.
 *
 * @param absoluteMs how long the browser keeps it, ms
 * @throws AuthError `invalid_config` with the field `cookie`
 * @see RFC 10017 section 6.1.3.2; RFC 6265bis section 4.1.3 (`__Host-`)
 */
export function createSessionCookie(options: SessionCookieOptions, absoluteMs: number): SessionCookie {
  if (options !== Object(options)) throw invalidConfig('cookie', 'must be an object, such as { sameSite: "Lax" }');
  const { secure = true, sameSite = 'Strict', name = secure ? '__Host-session' : 'session' } = options;
  if (typeof name !== 'string' || !/^[\w.-]{1,32}$/.test(name)) throw invalidConfig('cookie', 'needs a `name` of 1 to 32 letters, digits, `_`, `.` and `-`');
  if (sameSite !== 'Strict' && sameSite !== 'Lax') throw invalidConfig('cookie', 'needs `sameSite` to be "Strict" or "Lax"; with "None" other sites could send requests as the user');
  if (typeof secure !== 'boolean') throw invalidConfig('cookie', 'needs `secure` to be true or false');
  if (!secure && /^__(Host|Secure)-/i.test(name)) throw invalidConfig('cookie', 'needs another `name` without `secure`, because browsers accept the prefix only with it');
  const attributes = `; Path=/; HttpOnly; SameSite=${sameSite}${secure ? '; Secure' : ''}`;

  return {
    name,
    read(request) {
      // `trim` would also remove characters that let a subdomain set the name in spite of its prefix.
      const pairs = (headersOf(request).get('cookie') ?? '').split(';').map((pair) => pair.replace(/^[ \t]+|[ \t]+$/g, ''));
      const values = pairs.filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
      const [id = null, ...others] = new Set(values.filter(isSessionId));
      return others.length === 0 ? id : null;
    },
    mayBeKeptBack({ headers, method = 'GET' }) {
      if (sameSite === 'Lax' && (method === 'GET' || method === 'HEAD')) return false;
      return !['same-origin', 'same-site', 'none'].includes(headers.get('sec-fetch-site') ?? '');
    },
    set: (id) => `${name}=${id}; Max-Age=${Math.floor(absoluteMs / 1000)}${attributes}`,
    removal: `${name}=; Max-Age=0${attributes}`,
  };
}
