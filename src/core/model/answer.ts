import type { Answer } from './protocol.ts';
import { parseRetryAfter } from './refresh-policy.ts';

/**
 * Converts a response to the data that a protocol reads.
 *
 * @param body the text of the response's body
 * @param now when the request was sent, epoch ms by the API's clock
 */
export function answerOf({ status, headers }: Response, body: string, now: number): Answer {
  return { status, header: (name) => headers.get(name), body, retryAfterMs: parseRetryAfter(headers.get('retry-after'), now), now };
}
