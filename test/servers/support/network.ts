import { vi } from 'vitest';
import { APP } from './authorization-server.ts';

const { fetch } = globalThis; // Taken before any test replaces it.

// oauth4webapi sets `user-agent` in Node, though not in a browser.
const SAFE_REQUEST_HEADERS = ['accept', 'accept-language', 'content-language', 'user-agent'];
// A browser adds these itself, so no preflight asks for them.
const BROWSER_HEADERS = ['cookie', 'origin'];
const SAFE_RESPONSE_HEADERS = ['cache-control', 'content-language', 'content-length', 'content-type', 'expires', 'last-modified', 'pragma'];
// A cookie jar reads these; scripts of a page cannot.
const JAR_HEADERS = ['set-cookie', 'access-control-allow-credentials', 'access-control-allow-origin'];

/** The network between the app's pages and the servers: real HTTP, with a proxy that ends TLS. */
export interface Network {
  /** Sends a page's request by a browser's rules for other origins (CORS). */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Follows redirects as a browser window does, cookies included, until they lead to the app. */
  readonly navigate: (url: string) => Promise<string>;
}

/**
 * Creates the network.
 *
 * @param servers the addresses where the servers listen, by their public origins
 * @param now the clock of clients and servers, epoch ms
 */
export function createNetwork(servers: Readonly<Record<string, string>>, now: () => number): Network {
  async function send(url: string, init: RequestInit): Promise<Response> {
    const { origin, pathname, search, host } = new URL(url);
    const headers = new Headers(init.headers);
    headers.set('x-forwarded-proto', 'https');
    headers.set('x-forwarded-host', host);
    vi.setSystemTime(now());
    return fetch(`${servers[origin]}${pathname}${search}`, { ...init, headers, redirect: 'manual' });
  }

  async function fetchAsPage(request: Request): Promise<Response> {
    const { url, method } = request;
    const withCookies = request.credentials === 'include';
    const headers = new Headers(request.headers);
    headers.set('origin', APP);
    const special = [...request.headers.keys()].filter((name) => ![...SAFE_REQUEST_HEADERS, ...BROWSER_HEADERS].includes(name) && !isForm(name, request.headers));
    if (special.length > 0) {
      const preflight = { origin: APP, 'access-control-request-method': method, 'access-control-request-headers': special.join() };
      const { headers: allowed } = corsChecked(await send(url, { method: 'OPTIONS', headers: preflight }), withCookies);
      const names = listOf(allowed, 'access-control-allow-headers');
      if (special.some((name) => !names.includes(name))) throw new TypeError(`the preflight allows ${names.join()}, and not ${special.join()}`);
    }
    const body = method === 'GET' || method === 'HEAD' ? null : await request.arrayBuffer();
    const response = corsChecked(await send(url, { method, headers, body }), withCookies);
    if (response.status >= 300 && response.status < 400) throw new TypeError('no redirect is expected here');
    const visible = [...SAFE_RESPONSE_HEADERS, ...(withCookies ? JAR_HEADERS : []), ...listOf(response.headers, 'access-control-expose-headers')];
    const content = await response.arrayBuffer();
    return new Response(response.status === 204 ? null : content, { status: response.status, headers: [...response.headers].filter(([name]) => visible.includes(name)) });
  }

  async function navigate(url: string): Promise<string> {
    const cookies = new Map<string, string>();
    for (let at = url; ; ) {
      const response = await send(at, { headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } });
      for (const [, name = '', value = ''] of response.headers.getSetCookie().map((cookie) => /^([^=]+)=([^;]*)/.exec(cookie) ?? [])) cookies.set(name, value);
      const to = response.headers.get('location');
      if (to === null) throw new Error(`${at} answered HTTP ${response.status}: ${await response.text()}`);
      at = new URL(to, at).href;
      if (at.startsWith(APP)) return at;
    }
  }

  return { fetch: fetchAsPage, navigate };
}

function isForm(name: string, headers: Headers): boolean {
  return name === 'content-type' && /^(application\/x-www-form-urlencoded|text\/plain)/.test(headers.get(name) ?? '');
}

function listOf(headers: Headers, name: string): string[] {
  return (headers.get(name) ?? '').toLowerCase().split(/\s*,\s*/);
}

function corsChecked(response: Response, withCookies: boolean): Response {
  const origin = response.headers.get('access-control-allow-origin');
  const isAllowed = withCookies ? origin === APP && response.headers.get('access-control-allow-credentials') === 'true' : origin === APP || origin === '*';
  if (!isAllowed) throw new TypeError(`not allowed for ${APP}: ${response.url}`);
  return response;
}
