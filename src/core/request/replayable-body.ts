import { reasonOf } from '../platform/abort-reason.ts';

/** Arguments of `fetch` for one send: an address with a copy of the init, or a `Request` of the client's own. */
export type Sendable = readonly [input: string | Request, init?: Init];

/** A copy of a caller's init. Its headers are pairs, because a `Headers` object has each name in lower case. */
export interface Init extends RequestInit {
  readonly headers: [name: string, value: string][];
}

/** The two sends of a call. `replay` is `null` if the body can be read only once. */
export interface Sends {
  readonly first: Sendable;
  readonly replay: Sendable | null;
}

/**
 * Prepares the arguments of a caller for two sends. Later changes by the caller have no effect.
 *
 * A `Request` is used up at once, as `fetch` does it. It keeps its referrer, which an init would remove.
 */
export function prepareSends(input: string | Request, init: RequestInit | undefined): Sends {
  // A spread copies all members of a plain init, but not those of a class instance or of a Request in its place.
  if (typeof input === 'string' && (!init || Object.getPrototypeOf(init) === Object.prototype)) {
    const first: Sendable = [input, { ...init, headers: pairsOf(init?.headers) }];
    const body = init?.body ?? null;
    if (isStream(body)) return { first, replay: null };
    if (body === null || typeof body === 'string') return { first, replay: first };
  }
  const request = new Request(input, init);
  return { first: [request], replay: [request.clone()] };
}

/** Copies headers. Each name keeps the case that the caller has written, which HTTP/1.1 sends. */
function pairsOf(headers: HeadersInit = []): Init['headers'] {
  if (headers === null || typeof headers !== 'object') new Headers(headers); // Throws the error of `fetch`.
  return Symbol.iterator in headers ? [...headers] as Init['headers'] : Object.entries(headers);
}

/** Returns the object with the members of a call: the init, or the request. */
export function membersOf([input, init]: Sendable): Init | Request {
  return init ?? (input as Request);
}

/** Returns the answer to a call, and cancels each stream that is no longer needed, as `fetch` does it. */
export function released({ first, replay }: Sends, answer: Promise<Response>): Promise<Response> {
  if (first === replay) return answer; // The body is a text or absent, so there is no stream.
  const fail = (error: unknown) => {
    release(first, error);
    throw error;
  };
  return answer.catch(fail).finally(() => replay && release(replay));
}

/**
 * Returns an answer that rejects with the signal's reason in the microtask in which it aborts, as that of `fetch` does.
 *
 * The work may not follow the signal: an interceptor, a body that the client reads, or a write to storage.
 */
export function untilAborted<T>(signal: AbortSignal | null | undefined, work: Promise<T>): Promise<T> {
  if (!signal?.addEventListener) return work; // `fetch` rejects a signal that is none.
  return new Promise((resolve, reject) => {
    const abort = () => reject(reasonOf(signal));
    signal.addEventListener('abort', abort);
    void work.then(resolve, reject).then(() => signal.removeEventListener('abort', abort));
  });
}

/** Cancels the bodies of a call that was already aborted, and throws. The error of a wrong argument comes first, as in `fetch`. */
export function refuseAborted({ first, replay }: Sends, signal: AbortSignal): never {
  const reason = reasonOf(signal);
  release([new Request(...first)], reason);
  if (replay) release(replay);
  throw reason;
}

/** Recognised by its shape, because React Native has no streams. */
function isStream(body: unknown): body is ReadableStream {
  return typeof (body as Partial<ReadableStream> | null | undefined)?.getReader === 'function';
}

/** Cancels a body. A locked one was sent and belongs to the platform, so cancelling it fails without effect. */
function release(sendable: Sendable, reason?: unknown): void {
  const { body } = membersOf(sendable);
  if (isStream(body)) void body.cancel(reason).catch(() => undefined);
}
