import type { Origins } from '../model/origins.ts';
import type { ClientContext } from '../session/client-context.ts';
import { interceptorsOf, wrap, type InterceptorEntry } from './interceptors.ts';
import { membersOf, prepareSends, type Sendable, type Sends } from './replayable-body.ts';

/** A call that is ready to be sent. */
export interface Call extends Sends {
  readonly address: string;
  readonly method: string;
  readonly signal: AbortSignal | null;
  /** The caller's headers, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends a request with an `Authorization` value. */
export type Send = (sendable: Sendable, authorization: string) => Promise<Response>;

/** Reads the arguments of `fetch`. Throws `origin_not_allowed` before anything is sent. */
export function prepareCall(origins: Origins, input: RequestInfo | URL, init: RequestInit | undefined): Call {
  // Recognised by its shape, because a Request may come from another realm.
  const target = typeof input === 'object' && 'url' in input ? input : origins.resolve(`${input}`);
  const { first, replay } = prepareSends(target, init);
  const [sent] = first;
  const address = typeof sent === 'string' ? sent : sent.url;
  origins.check(address);
  const { method = 'GET', signal = null, headers } = membersOf(first);
  return { first, replay, address, method: method.toUpperCase(), signal, headers: headers === undefined ? {} : Object.fromEntries(new Headers(headers)) };
}

/** Creates the sender of one call, with the interceptors of scope `send`. */
export function createSend({ platform, origins }: Pick<ClientContext, 'platform' | 'origins'>, entries: readonly InterceptorEntry[], call: Call): Send {
  return ([input, own], authorization) => {
    const init = own && { ...own, headers: { ...call.headers, authorization } };
    if (typeof input !== 'string') input.headers.set('authorization', authorization); // This request was made for this send only.
    if (entries.length === 0) return platform.fetch(input, init);
    const send = wrap(interceptorsOf(entries, 'send'), async (request) => {
      origins.check(request.url); // An interceptor may have changed the address, and the request carries the token.
      return platform.fetch(request);
    });
    return send(new Request(input, init));
  };
}
