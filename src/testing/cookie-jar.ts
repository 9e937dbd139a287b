import { addressOf, isSent, parseSetCookie, siteOf, type StoredCookie } from './stored-cookie.ts';
import { carry, setCookiesOf } from './carried-headers.ts';
import { checkBaseUrl, checkFunction } from './option-check.ts';

/** The options of {@link createCookieJar}. */
export interface CookieJarOptions {
  /** The address of the page that sends the requests. By default it is on another origin of the same site as each request. */
  readonly page?: string;
  /** The browser's clock, epoch ms; default `Date.now`. */
  readonly now?: () => number;
}

/** The cookies of a browser, between its tabs and a server without a network. */
export interface CookieJar {
  /**
   * Sends a request as a browser would: with the cookies that match it, and storing those of the answer.
   *
   * @throws a `TypeError` if the answer does not let the page of another origin send cookies; the cookies are stored nevertheless
   */
  readonly fetch: typeof globalThis.fetch;
  /** Returns a cookie that scripts of the page can read; `null` if there is none. */
  readonly readCookie: (name: string) => string | null;
  /** The cookies that are stored now. */
  readonly cookies: readonly StoredCookie[];
  /** Set to true, the browser stores and sends no cookie, as with third-party cookies blocked. */
  blocked: boolean;
  /** Removes every cookie. */
  readonly clear: () => void;
  /** Adds the cookies and the origin to a request, as when it leaves the tab. For tests with their own network. */
  readonly attach: (request: Request) => void;
  /** Stores the cookies of an answer, as when it arrives. For tests with their own network. */
  readonly store: (request: Request, response: Response) => void;
}

/**
 * Creates the cookie jar that all tabs of one test share, for an embedded API with `refreshToken: 'cookie'`.
 *
 * It follows RFC 6265bis for host, path, `Secure`, `HttpOnly`, `SameSite`, `Max-Age` and `Expires`. A site is the last two
 * labels of a host, without the list of public suffixes. `Partitioned` is stored and has no effect.
 *
 * @param send answers the requests, such as `api.fetch`
 * @throws TypeError or RangeError that names the argument, its rule and its value
 * @see RFC 6265bis; Fetch, "HTTP-network-or-cache fetch"
 * @example
 * ```ts
 * import { browserPlatform, createAuthClient, memory, type AuthClientConfig } from 'unexpired/core';
 * import { createBonfireApi, createCookieJar } from 'unexpired/testing';
 * const api = createBonfireApi({ refreshToken: 'cookie' });
 * const jar = createCookieJar(api.fetch);
 * const openTab = (config: AuthClientConfig) => createAuthClient({ ...config, storage: memory(), platform: { ...browserPlatform(), fetch: jar.fetch } });
 * ```
 */
export function createCookieJar(send: (request: Request) => Promise<Response>, options: CookieJarOptions = {}): CookieJar {
  checkFunction('send', send);
  if (options.page !== undefined) checkBaseUrl('page', options.page);
  const now = options.now ?? (() => Date.now());
  const stored = new Map<string, StoredCookie>();
  const pageOf = ({ url }: Request) => new URL(options.page ?? pageBeside(new URL(url)));
  const alive = () => [...stored.values()].filter(({ expiresAt }) => expiresAt === null || expiresAt > now());

  const jar: CookieJar = {
    blocked: false,
    async fetch(input, init) {
      const request = new Request(input, init);
      jar.attach(request);
      const response = await send(request);
      jar.store(request, response);
      if (usesCredentials(request, pageOf(request)) && isRefusedByCors(request, pageOf(request), response)) throw new TypeError('Failed to fetch');
      return response;
    },
    readCookie(name) {
      const visible = alive().filter((cookie) => cookie.name === name && !cookie.httpOnly);
      const page = options.page === undefined ? null : new URL(options.page);
      return visible.find((cookie) => (page ? isSent(cookie, page) : cookie.path === '/' && !cookie.hostOnly))?.value ?? null;
    },
    get cookies() {
      return alive();
    },
    clear: () => stored.clear(),
    attach(request) {
      const page = pageOf(request);
      const headers: Record<string, string> = page.origin === new URL(request.url).origin && request.method === 'GET' ? {} : { Origin: request.headers.get('Origin') ?? page.origin };
      const cookies = usesCredentials(request, page) && !jar.blocked ? alive().filter((cookie) => isSent(cookie, new URL(request.url), page)) : [];
      if (cookies.length > 0) headers['Cookie'] = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
      carry(request, headers);
    },
    store(request, response) {
      const page = pageOf(request);
      if (jar.blocked || !usesCredentials(request, page)) return;
      for (const line of setCookiesOf(response)) {
        const cookie = parseSetCookie(line, new URL(request.url), page, now());
        if (cookie) stored.set(addressOf(cookie), cookie);
      }
    },
  };
  return jar;
}

/** Returns the address of a page on another origin of the same site. */
function pageBeside({ protocol, hostname }: URL): string {
  return `${protocol}//${/^[\d.]+$|^\[|^localhost$/.test(hostname) ? `${hostname}:1` : `app.${siteOf(hostname)}`}/`;
}

function usesCredentials({ credentials, url }: Request, page: URL): boolean {
  return credentials === 'include' || (credentials === 'same-origin' && page.origin === new URL(url).origin);
}

function isRefusedByCors({ url }: Request, page: URL, { headers }: Response): boolean {
  if (page.origin === new URL(url).origin) return false;
  return headers.get('Access-Control-Allow-Credentials') !== 'true' || headers.get('Access-Control-Allow-Origin') !== page.origin;
}
