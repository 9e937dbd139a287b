/**
 * Wraps a request: it may read or change the request, calls `next`, and may read or change the response.
 *
 * @example
 * ```ts
 * import type { Interceptor } from 'unexpired/core';
 * const traced: Interceptor = async (request, next) => {
 *   const started = performance.now();
 *   const response = await next(request);
 *   console.info(request.url, response.status, performance.now() - started);
 *   return response;
 * };
 * ```
 */
export type Interceptor = (request: Request, next: (request: Request) => Promise<Response>) => Promise<Response>;

/**
 * The part of a call that an interceptor wraps: the whole `call` with its refresh and replay, or each `send`.
 *
 * Use `call` for an interceptor that throws for an error status. With `send` it would hide the rejection from the
 * client, which then neither refreshes nor replays.
 */
export type InterceptorScope = 'call' | 'send';

/** An interceptor of calls, or an interceptor with its scope. */
export type InterceptorEntry = Interceptor | { readonly interceptor: Interceptor; readonly scope?: InterceptorScope };

/** The session of a call, which `holdCalls` reads and changes. */
export interface CallSession {
  /** The session that the call was made for; `null` if there was none. */
  sessionId: string | null;
  /** Whether the call is sent without a token if there is none. */
  readonly isOptional: boolean;
}

/** An interceptor of this package, which also gets the session of the call. Only interceptors of scope `call` get it. */
export type SessionInterceptor = (request: Request, next: (request: Request) => Promise<Response>, session?: CallSession) => Promise<Response>;

/** Returns the interceptors of one scope. */
export function interceptorsOf(entries: readonly InterceptorEntry[], scope: InterceptorScope): Interceptor[] {
  return entries
    .map((entry) => (typeof entry === 'function' ? { interceptor: entry } : entry))
    .filter((entry) => (entry.scope ?? 'call') === scope)
    .map((entry) => entry.interceptor);
}

/** Puts interceptors around a send. The first is the outermost. */
export function wrap(interceptors: readonly SessionInterceptor[], send: (request: Request) => Promise<Response>, session?: CallSession): (request: Request) => Promise<Response> {
  return interceptors.reduceRight<(request: Request) => Promise<Response>>(
    (next, interceptor) => async (request) => interceptor(request, next, session),
    send,
  );
}
