/** A cookie in a jar. */
export interface StoredCookie {
  readonly name: string;
  readonly value: string;
  /** The host that set it, or its `Domain`. */
  readonly domain: string;
  /** Whether it is sent to no other host. */
  readonly hostOnly: boolean;
  readonly path: string;
  /** When it ends, epoch ms; `null` for the end of the browser. */
  readonly expiresAt: number | null;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite: 'strict' | 'lax' | 'none';
  readonly partitioned: boolean;
}

/** Returns the key under which a cookie replaces an earlier one. */
export function addressOf({ domain, path, name }: StoredCookie): string {
  return `${domain}${path};${name}`;
}

/** Returns the site of a host: its last two labels, or an address as it is. */
export function siteOf(hostname: string): string {
  return /^[\d.]+$|^\[/.test(hostname) ? hostname : hostname.split('.').slice(-2).join('.');
}

/**
 * Reads a `Set-Cookie` header; `null` if a browser would refuse the cookie.
 *
 * @param page the page whose request was answered
 * @param now epoch ms
 * @see RFC 6265bis sections 5.6 and 5.7
 */
export function parseSetCookie(line: string, url: URL, page: URL, now: number): StoredCookie | null {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const given = new Map(attributes.map((text) => [text.split('=')[0]?.toLowerCase() ?? '', text.slice(text.indexOf('=') + 1)]));
  const domain = given.get('domain')?.replace(/^\./, '').toLowerCase();
  const path = given.get('path') ?? '';
  const cookie: StoredCookie = {
    name: pair.slice(0, pair.indexOf('=')),
    value: pair.slice(pair.indexOf('=') + 1),
    domain: domain || url.hostname,
    hostOnly: !domain,
    path: path.startsWith('/') ? path : url.pathname.slice(0, Math.max(1, url.pathname.lastIndexOf('/'))),
    expiresAt: expiryOf(given, now),
    httpOnly: given.has('httponly'),
    secure: given.has('secure'),
    sameSite: sameSiteOf(given.get('samesite')),
    partitioned: given.has('partitioned'),
  };
  const isRefused =
    !isOnHost(cookie, url.hostname) || (cookie.secure && !isTrustworthy(url)) || (cookie.sameSite === 'none' && !cookie.secure) || (cookie.sameSite !== 'none' && !isSameSite(url, page));
  return isRefused ? null : cookie;
}

/**
 * Returns whether a browser sends a cookie to an address.
 *
 * @param page the page that sends the request; by default one of the same site
 * @see RFC 6265bis section 5.8.3
 */
export function isSent(cookie: StoredCookie, url: URL, page: URL = url): boolean {
  const { path, secure, sameSite } = cookie;
  const isOnPath = url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
  return isOnHost(cookie, url.hostname) && isOnPath && (!secure || isTrustworthy(url)) && (sameSite === 'none' || isSameSite(url, page));
}

function expiryOf(given: ReadonlyMap<string, string>, now: number): number | null {
  const maxAge = Number(given.get('max-age') ?? Number.NaN);
  if (!Number.isNaN(maxAge)) return now + maxAge * 1000;
  const expires = Date.parse(given.get('expires') ?? '');
  return Number.isNaN(expires) ? null : expires;
}

function sameSiteOf(text: string | undefined): StoredCookie['sameSite'] {
  const value = text?.toLowerCase();
  return value === 'strict' || value === 'none' ? value : 'lax';
}

function isOnHost({ domain, hostOnly }: StoredCookie, hostname: string): boolean {
  return hostname === domain || (!hostOnly && hostname.endsWith(`.${domain}`));
}

function isSameSite(one: URL, other: URL): boolean {
  return one.protocol === other.protocol && siteOf(one.hostname) === siteOf(other.hostname);
}

function isTrustworthy({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || /^localhost$|\.localhost$|^127\.|^\[::1\]$/.test(hostname);
}
