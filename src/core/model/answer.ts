import { parseRetryAfter } from './refresh-policy.ts';

/** An answer as data: everything that a protocol may look at. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** Returns a response header by its name, or `null` if it is absent or not exposed across origins. */
  readonly header: (name: string) => string | null;
  /** The body as text; empty if there is none. */
  readonly body: string;
  /** The wait that `Retry-After` asks for, ms, or `null`. */
  readonly retryAfterMs: number | null;
  /** When the request was sent, epoch ms by the API's clock as far as it is known. `expires_in` counts from here at the earliest. */
  readonly now: number;
}

/**
 * Converts a response to the data that a protocol reads.
 *
 * @param body the text of the response's body
 * @param now when the request was sent, epoch ms by the API's clock
 */
export function answerOf({ status, headers }: Response, body: string, now: number): Answer {
  return { status, header: (name) => headers.get(name), body, retryAfterMs: parseRetryAfter(headers.get('retry-after'), now), now };
}
