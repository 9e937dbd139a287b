import type { Way } from '../ways.ts';

/** The functions and values that a case uses. */
export interface CaseContext {
  /** The browser's `fetch`, or `client.fetch`. */
  readonly fetch: typeof globalThis.fetch;
  /** The same function, without a wrapper around it. */
  readonly bare: typeof globalThis.fetch;
  /** `https://host:port/v1` at the page's own origin. The page is at `/v1/`, and `/v1` is the base URL. */
  readonly home: string;
  /** The same API at another origin, which may get the token. */
  readonly other: string;
  /** The page's own host under another name, an origin that may not get the token. */
  readonly stranger: string;
  /** An id that no other run of any case has. */
  readonly id: string;
  /** Emits an event that the server waits for. */
  readonly emit: (event: string) => Promise<void>;
  /** Waits until the server emits an event. */
  readonly until: (event: string) => Promise<void>;
  /** Waits until `client.fetch` has come so far with a rejected call. With native `fetch`, which has no such moment, it waits until the server has the call. */
  readonly reached: (moment: Moment) => Promise<void>;
}

/** A moment of a call whose first send is rejected: the headers of the rejection have arrived, or the refresh was sent. */
export type Moment = 'rejection' | 'refresh';

/** A use of `fetch`. Its outcome is everything that the caller can observe. */
export interface Case {
  readonly name: string;
  readonly run: (context: CaseContext) => Promise<unknown>;
  /** Part of the outcome of native `fetch`, which proves that the case does what its name says. */
  readonly shows: unknown;
  /** The ways in which the case runs, by default all of them. */
  readonly ways?: readonly Way[];
}

/** Everything observable of a response, its body last. */
export async function seen(response: Response): Promise<object> {
  const { type, url, redirected, status, statusText, ok, body, bodyUsed } = response;
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'date'));
  const isResponse = response instanceof Response;
  return { isResponse, type, url, redirected, status, statusText, ok, headers, hasBody: body !== null, bodyUsed, text: await response.text() };
}

/** The request that `/v1/echo` received. */
export async function echoed(response: Promise<Response>): Promise<unknown> {
  return (await response).json();
}

/** Everything observable of an error. */
export function seenError(error: unknown): unknown {
  if (!(error instanceof Error)) return { thrown: error };
  const kind = error instanceof DOMException ? 'DOMException' : error instanceof TypeError ? 'TypeError' : 'Error';
  // The function's name differs, because `client.fetch` cannot be called "fetch on Window".
  const message = error.message.replace(/^Failed to (execute '\w+' on '\w+'|construct '\w+'): /, '');
  return { kind, name: error.name, message, ...('code' in error ? { code: error.code } : {}) };
}

/** The observable error of a promise that rejects. */
export function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then((value) => ({ noError: String(value) }), seenError);
}
