/**
 * Wraps a call: look at or change the request, call `next`, look at or change the response.
 *
 * @example
 * ```ts
 * import type { Interceptor } from 'unexpired/core';
 * const throwing: Interceptor = async (request, next) => {
 *   const response = await next(request);
 *   if (!response.ok) throw new Error(`HTTP ${response.status}`);
 *   return response;
 * };
 * ```
 */
export type Interceptor = (request: Request, next: (request: Request) => Promise<Response>) => Promise<Response>;

/**
 * What an interceptor wraps: the whole `call`, refresh and replay inside, or each `attempt` to send it.
 *
 * One that throws for an error status belongs around calls: around attempts it keeps the rejection from the client, which
 * then neither refreshes nor sends again.
 */
export interface InterceptorOptions {
  readonly each?: 'call' | 'attempt';
}

/** An interceptor for calls, or one with options. */
export type InterceptorEntry = Interceptor | (InterceptorOptions & { readonly interceptor: Interceptor });

/** The interceptors among entries that wrap calls, or those that wrap attempts. */
export function interceptorsFor(entries: readonly InterceptorEntry[], each: 'call' | 'attempt'): Interceptor[] {
  return entries
    .map((entry) => (typeof entry === 'function' ? { interceptor: entry } : entry))
    .filter((entry) => (entry.each ?? 'call') === each)
    .map((entry) => entry.interceptor);
}

/** Puts interceptors around a send, the first outermost. */
export function wrap(interceptors: readonly Interceptor[], send: (request: Request) => Promise<Response>): (request: Request) => Promise<Response> {
  return interceptors.reduceRight<(request: Request) => Promise<Response>>(
    (next, interceptor) => async (request) => interceptor(request, next),
    send,
  );
}
