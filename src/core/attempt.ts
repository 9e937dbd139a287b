import { interceptorsFor, wrap, type InterceptorEntry } from './interceptors.ts';
import type { Origins } from './origins.ts';
import type { Platform } from './platform.ts';
import { prepareSends, type Sendable, type Sends } from './replayable-body.ts';

/** A call as it will be sent: where to, with which headers, and how often. */
export interface Call {
  readonly method: string;
  readonly signal: AbortSignal | null;
  readonly sends: Sends;
  /** The caller's headers; `null` when there are none. */
  readonly headers: Headers | null;
}

/** Reads the arguments of `fetch`; throws `origin_not_allowed` before anything is sent. */
export function prepareCall(origins: Origins, input: RequestInfo | URL, init: RequestInit | undefined): Call {
  // Told by its shape, as a Request may come from another realm.
  const target = typeof input === 'object' && 'url' in input ? input : origins.resolve(`${input}`);
  const sends = prepareSends(target, init);
  const { first } = sends;
  origins.check(typeof first.input === 'string' ? first.input : first.input.url);
  const { method = 'GET', signal = null, headers } = first.init === undefined ? first.input : first.init;
  return { method: method.toUpperCase(), signal, sends, headers: headers === undefined ? null : new Headers(headers) };
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
  const { input, init } = authorized(sendable, call, authorization);
  if (entries.length === 0) return platform.fetch(input, init);
  const send = wrap(interceptorsFor(entries, 'attempt'), async (request) => {
    origins.check(request.url); // An interceptor may have pointed the request elsewhere, bearer and all.
    return platform.fetch(request);
  });
  return send(new Request(input, init));
}

function authorized({ input, init }: Sendable, { headers }: Call, authorization: string): { input: string | Request; init: RequestInit | undefined } {
  if (init !== undefined && headers === null) return { input, init: { ...init, headers: { authorization } } };
  // Ours alone, like a Request that was made for this send; but who keeps what `fetch` was given shall not see it change for a replay.
  const ours = init === undefined ? input.headers : new Headers(headers ?? []);
  ours.set('authorization', authorization);
  return { input, init: init && { ...init, headers: ours } };
}
