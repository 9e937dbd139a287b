import type { Origins } from '../model/origins.ts';
import type { ClientContext } from '../session/client-context.ts';
import { interceptorsOf, wrap, type InterceptorEntry } from './interceptors.ts';
import { membersOf, prepareSends, refuseAborted, type Init, type Sendable, type Sends } from './replayable-body.ts';

/** A call that is ready to be sent. */
export interface Call extends Sends {
  readonly address: string;
  readonly method: string;
  readonly signal: AbortSignal | null;
  /** Whether the caller has set the header that carries the token. */
  readonly isAuthorized: boolean;
}

/** Sends a request with an `Authorization` value, or as the caller made it. */
export type Send = (sendable: Sendable, authorization: string | null) => Promise<Response>;

/** Reads the arguments of `fetch`. Throws `origin_not_allowed` before anything is sent. */
export function prepareCall(origins: Origins, input: RequestInfo | URL, init: RequestInit | undefined): Call {
  // Recognised by its shape, because a Request may come from another realm.
  const target = typeof input === 'object' && 'url' in input ? input : origins.resolve(`${input}`);
  const { first, replay } = prepareSends(target, init);
  const [sent] = first;
  const address = typeof sent === 'string' ? sent : sent.url;
  origins.check(address);
  const { method = 'GET', signal, headers } = membersOf(first);
  if (signal?.aborted) refuseAborted({ first, replay }, signal);
  return { first, replay, address, method: method.toUpperCase(), signal: signal ?? null, isAuthorized: new Headers(headers).has('authorization') };
}

/** Creates the sender of one call, with the interceptors of scope `send`. */
export function createSend({ platform, origins }: Pick<ClientContext, 'platform' | 'origins'>, entries: readonly InterceptorEntry[]): Send {
  return ([input, own], authorization) => {
    const init: Init | undefined = own && authorization !== null ? { ...own, headers: [...own.headers, ['authorization', authorization]] } : own;
    if (authorization !== null && typeof input !== 'string') input.headers.set('authorization', authorization); // This request was made for this send only.
    if (entries.length === 0) return platform.fetch(input, init);
    const send = wrap(interceptorsOf(entries, 'send'), async (request) => {
      origins.check(request.url); // An interceptor may have changed the address, and the request carries the token.
      return platform.fetch(request);
    });
    return send(new Request(input, init));
  };
}
