import type { Way } from '../ways.ts';

/** What a case is played with. */
export interface Playground {
  /** The browser's, or ours. */
  readonly fetch: typeof globalThis.fetch;
  /** `https://host:port/v1` of the page's own origin; the page is at `/v1/`, and `/v1` is the base URL. */
  readonly home: string;
  /** The same API at another origin that may get the token. */
  readonly other: string;
  /** The page's own host by another name: an origin that may not get the token. */
  readonly stranger: string;
  /** A name that no other play of any case has. */
  readonly id: string;
  /** Tells the server something that it waits for. */
  readonly tell: (event: string) => Promise<void>;
  /** Waits until the server tells. */
  readonly until: (event: string) => Promise<void>;
}

/** Something done with `fetch`; what comes out is everything that its caller can observe. */
export interface Case {
  readonly name: string;
  readonly run: (playground: Playground) => Promise<unknown>;
  /** Part of what comes out of native `fetch`, to see that the case shows what its name says. */
  readonly shows: unknown;
  /** The ways that it is played on; all of them unless said otherwise. */
  readonly ways?: readonly Way[];
}

/** Everything that can be seen of a response, its body at last. */
export async function seen(response: Response): Promise<object> {
  const { type, url, redirected, status, statusText, ok, body, bodyUsed } = response;
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'date'));
  const isResponse = response instanceof Response;
  return { isResponse, type, url, redirected, status, statusText, ok, headers, hasBody: body !== null, bodyUsed, text: await response.text() };
}

/** What `/v1/echo` received. */
export async function echoed(response: Promise<Response>): Promise<unknown> {
  return (await response).json();
}

/** Everything that can be seen of an error. */
export function seenError(error: unknown): unknown {
  if (!(error instanceof Error)) return { thrown: error };
  const kind = error instanceof DOMException ? 'DOMException' : error instanceof TypeError ? 'TypeError' : 'Error';
  // Which function says it differs, as ours cannot be called "fetch on Window".
  const message = error.message.replace(/^Failed to (execute '\w+' on '\w+'|construct '\w+'): /, '');
  return { kind, name: error.name, message, ...('code' in error ? { code: error.code } : {}) };
}

/** The error of what fails. */
export function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then((value) => ({ noError: String(value) }), seenError);
}
