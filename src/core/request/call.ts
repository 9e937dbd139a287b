import { BEARER_HEADER, type Protocol, type TokenHeader } from '../model/protocol.ts';
import type { Session } from '../model/storage-record.ts';
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
  /** Whether the call is sent without a token if there is none. */
  readonly isOptional: boolean;
}

/** Sends a request with a value for the token's header, or as the caller made it. The session is that of the token. */
export type Send = (sendable: Sendable, credential: string | null, session?: Session) => Promise<Response>;

/** Reads the arguments of `fetch`. Throws `origin_not_allowed` before anything is sent. */
export function prepareCall({ origins, protocol, accessToken }: ClientContext, input: RequestInfo | URL, init: RequestInit | undefined, mayLackSession: boolean): Call {
  // Recognised by its shape, because a Request may come from another realm.
  const target = typeof input === 'object' && 'url' in input ? input : origins.resolve(`${input}`);
  const { first, replay } = prepareSends(target, init);
  const [sent] = first;
  const address = typeof sent === 'string' ? sent : sent.url;
  origins.check(address);
  const isOptional = mayLackSession && accessToken !== 'server'; // A server would still find the cookie of the browser's user, who may be another one.
  const { method = 'GET', signal, headers } = membersOf(first);
  if (signal?.aborted) refuseAborted({ first, replay }, signal);
  // Most calls have no headers, and a new `Headers` would be their costliest object. Only pairs have a length.
  return { first, replay, address, method: method.toUpperCase(), signal: signal ?? null, isAuthorized: (headers as Partial<Init['headers']>).length === 0 ? false : new Headers(headers).has(headerOf(protocol).name), isOptional };
}

/** Creates the sender of one call, with the interceptors of scope `send`. */
export function createSend({ platform, origins, protocol }: ClientContext, entries: readonly InterceptorEntry[]): Send {
  return (sendable, credential, session) => {
    const [input, init] = credential === null ? sendable : authorized(sendable, headerOf(protocol), credential);
    const sender = (session && protocol.proofs?.on(platform, session.tokens, session.receipt.clockOffset)) ?? platform;
    if (entries.length === 0) return sender.fetch(input, init);
    const send = wrap(interceptorsOf(entries, 'send'), async (request) => {
      origins.check(request.url); // An interceptor may have changed the address, and the request carries the token.
      return sender.fetch(request);
    });
    return send(new Request(input, init));
  };
}

/** Returns the header that carries the token. */
export function headerOf({ tokenHeader = BEARER_HEADER }: Protocol): TokenHeader {
  return tokenHeader;
}

/** Adds a header to a send. */
function authorized([input, init]: Sendable, { name, isPublic }: TokenHeader, value: string): Sendable {
  if (typeof input !== 'string') input.headers.set(name, value); // This request was made for this send only.
  const sent: Sendable = init ? [input, { ...init, headers: [...init.headers, [name, value]] }] : [input];
  // A redirect to another origin loses no header but `Authorization`, so it would get the token.
  const { redirect = 'follow', referrer, referrerPolicy } = membersOf(sent);
  if (isPublic || redirect !== 'follow' || /^authorization$/i.test(name)) return sent;
  return [input, { ...sent[1], referrer, referrerPolicy, redirect: 'error' } as Init]; // An init without them would remove those of a Request.
}
