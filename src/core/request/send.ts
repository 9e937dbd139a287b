import { interceptorsFor, wrap, type InterceptorEntry } from './interceptors.ts';
import type { Origins } from '../model/origins.ts';
import type { Platform } from '../platform/platform.ts';
import { membersOf, prepareSends, type Sendable, type Sends } from './replayable-body.ts';

/** A call as it will be sent: where to, with which headers, and how often. */
export interface Call extends Sends {
  readonly address: string;
  readonly method: string;
  readonly signal: AbortSignal | null;
  /** The caller's headers, by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads the arguments of `fetch`; throws `origin_not_allowed` before anything is sent. */
export function prepareCall(origins: Origins, input: RequestInfo | URL, init: RequestInit | undefined): Call {
  // Told by its shape, as a Request may come from another realm.
  const target = typeof input === 'object' && 'url' in input ? input : origins.resolve(`${input}`);
  const { first, replay } = prepareSends(target, init);
  const [sent] = first;
  const address = typeof sent === 'string' ? sent : sent.url;
  origins.check(address);
  const { method = 'GET', signal = null, headers } = membersOf(first);
  return { first, replay, address, method: method.toUpperCase(), signal, headers: headers === undefined ? {} : Object.fromEntries(new Headers(headers)) };
}

/** Sends one attempt with an `Authorization` value, through the interceptors that wrap attempts. */
export function sendAttempt(
  platform: Platform,
  origins: Origins,
  entries: readonly InterceptorEntry[],
  call: Call,
  sendable: Sendable,
  authorization: string,
): Promise<Response> {
  const [input, own] = sendable;
  const init = own && { ...own, headers: { ...call.headers, authorization } };
  if (typeof input !== 'string') input.headers.set('authorization', authorization); // A request is ours alone, and made for this send.
  if (entries.length === 0) return platform.fetch(input, init);
  const send = wrap(interceptorsFor(entries, 'attempt'), async (request) => {
    origins.check(request.url); // An interceptor may have pointed the request elsewhere, bearer and all.
    return platform.fetch(request);
  });
  return send(new Request(input, init));
}
