import { AuthError, invalidConfig } from '../core/model/auth-error.ts';
import { httpUrl } from '../core/model/http-url.ts';
import type { Origins } from '../core/model/origins.ts';
import { MAX_DELAY_MS } from '../core/model/refresh-policy.ts';
import type { HandlerOptions } from './handler.ts';
import { isOfHandler, isSafePath } from './proxy-target.ts';

const MIB = 1024 * 1024;
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** An API behind the proxy. */
export interface ProxyUpstream {
  /** The address that takes the place of the path, such as `https://api.example.com/v1`. Its origin is one that may get the access token. */
  readonly to: string;
  /** The methods that pass. Default: GET, HEAD, POST, PUT, PATCH and DELETE. */
  readonly methods?: readonly string[] | undefined;
  /** The longest body of a request, bytes. Default: 10 MiB. A longer one gets 413. */
  readonly maxBodyBytes?: number | undefined;
  /** How long to wait for the headers of the answer, ms, since the request or the last part of its body has arrived. Default: 30 s. Then 504. */
  readonly timeoutMs?: number | undefined;
  /** How many requests of one session may be in flight, for each instance. Default: 100. Further ones get 429. */
  readonly maxConcurrent?: number | undefined;
}

/** The upstreams by the path that they are reached at, such as `/api`. */
export type ProxyConfig = Readonly<Record<string, ProxyUpstream>>;

/** The options of `proxy`. */
export interface ProxyOptions {
  /** The APIs that `proxy` forwards to, by the path of their requests. Nothing else can be reached through it. Default: none. */
  readonly proxy?: ProxyConfig | undefined;
}

/** A checked upstream. */
export interface ProxyRoute {
  /** The path at this server, such as `/api`. */
  readonly path: string;
  /** The address of the API without a slash at its end. */
  readonly base: string;
  readonly methods: readonly string[];
  readonly maxBodyBytes: number;
  readonly timeoutMs: number;
  readonly maxConcurrent: number;
}

/**
 * Checks the upstreams.
 *
 * @returns the routes, the longest path first
 * @throws AuthError `invalid_config` naming the field, such as `proxy["/api"].to`
 */
export function proxyRoutes({ proxy = {}, basePath }: ProxyOptions & Pick<HandlerOptions, 'basePath'>, origins: Origins): readonly ProxyRoute[] {
  if (proxy !== Object(proxy) || Array.isArray(proxy)) throw invalidConfig('proxy', 'must be an object, such as { "/api": { to: "https://api.example.com/v1" } }');
  const routes = Object.entries(proxy).map(([path, upstream]) => routeFor(path, upstream, basePath, origins));
  return routes.sort((one, other) => other.path.length - one.path.length);
}

function routeFor(path: string, upstream: ProxyUpstream, basePath: string | undefined, origins: Origins): ProxyRoute {
  const field = `proxy[${JSON.stringify(path)}]`;
  if (!/^(\/[\w.~-]+)+$/.test(path) || !isSafePath(path)) throw invalidConfig(field, 'must have a path without a slash at the end as its key, such as "/api"');
  if (isOfHandler(path, basePath)) throw invalidConfig(field, 'must have another path, because this one is of the handler');
  if (upstream !== Object(upstream)) throw invalidConfig(field, 'must be an object, such as { to: "https://api.example.com/v1" }');
  const { to, methods = METHODS, maxBodyBytes = 10 * MIB, timeoutMs = 30_000, maxConcurrent = 100 } = upstream;
  if (!Array.isArray(methods) || methods.length === 0 || !methods.every((method) => METHODS.includes(method))) throw invalidConfig(`${field}.methods`, `must be an array of methods; ${METHODS.join(', ')} can pass`);
  if (!(Number.isSafeInteger(maxBodyBytes) && maxBodyBytes >= 0)) throw invalidConfig(`${field}.maxBodyBytes`, 'must be a whole number of bytes, 0 or more');
  if (!(Number.isFinite(timeoutMs) && timeoutMs > 0 && timeoutMs <= MAX_DELAY_MS)) throw invalidConfig(`${field}.timeoutMs`, 'must be a number of milliseconds above 0');
  if (!(Number.isSafeInteger(maxConcurrent) && maxConcurrent > 0)) throw invalidConfig(`${field}.maxConcurrent`, 'must be a whole number above 0');
  return { path, base: baseOf(to, `${field}.to`, origins), methods, maxBodyBytes, timeoutMs, maxConcurrent };
}

function baseOf(to: string, field: string, origins: Origins): string {
  const url = httpUrl(to);
  // The part after the origin must be a path only: a query or credentials would go with each request.
  const base = url?.href.replace(/\/+$/, '') ?? '';
  if (!url || url.href !== url.origin + url.pathname || !isSafePath(url.pathname)) throw invalidConfig(field, 'must be an http(s) address such as "https://api.example.com/v1", without query, fragment or credentials');
  try {
    origins.check(`${base}/`);
  } catch (error) {
    if (!AuthError.is(error) || error.code !== 'origin_not_allowed') throw error;
    throw invalidConfig(field, `must be at an origin that may get the access token; add "${url.origin}" to \`resourceOrigins\` of the protocol or to \`allowedOrigins\``);
  }
  return base;
}
