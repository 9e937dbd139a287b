import { DeadlineExceeded, withDeadline } from './deadline.ts';
import type { Answer, TokenRequest } from './model/protocol.ts';
import { redactError } from './model/redact.ts';
import { parseHttpDate, parseRetryAfter } from './model/refresh-policy.ts';
import { invalidResponse, type TransientFailure } from './model/refresh-outcome.ts';
import type { ReceiptFacts } from './model/token-life.ts';
import type { Platform } from './platform.ts';

/** A refresh token that has been sent may be spent: only this deadline ends the request, never a caller. */
const TOKEN_DEADLINE_MS = 10_000;

/** What an answer means, and when it was asked for and received. */
export interface Asked<T> {
  readonly outcome: T | TransientFailure;
  readonly facts: Pick<ReceiptFacts, 'requestedAt' | 'answeredAt' | 'serverDate'>;
}

/**
 * Sends a request to the token endpoint and reads the answer; trouble on the way is a transient failure.
 *
 * @param clockOffset learnt so far, ms; a `Retry-After` date is read by it
 */
export async function askTokenEndpoint<T>(
  platform: Platform,
  request: TokenRequest,
  clockOffset: number,
  read: (answer: Answer) => T,
): Promise<Asked<T>> {
  const requestedAt = platform.now().wall;
  const facts = (serverDate: number | null) => ({ requestedAt, answeredAt: platform.now().wall, serverDate });
  const sent = withDeadline(platform, TOKEN_DEADLINE_MS, (signal) => send(platform, request, signal));
  const answered = await sent.catch((error: unknown) => troubleOf(error, request));
  if ('kind' in answered) return { outcome: answered, facts: facts(null) };
  const received = facts(parseHttpDate(answered.response.headers.get('date')));
  const serverNow = received.serverDate ?? received.answeredAt + clockOffset;
  try {
    return { outcome: read(answerOf(answered.response, answered.body, serverNow)), facts: received };
  } catch (error) {
    // A protocol's own trouble; its message may quote the answer, so only its name is told.
    const name = error instanceof Error ? error.name : 'unknown error';
    return { outcome: invalidResponse(`The token answer could not be read (${name}).`), facts: received };
  }
}

/** Shows a response to a protocol. */
export function answerOf(response: Response, body: string, serverNow: number): Answer {
  return {
    status: response.status,
    header: (name) => response.headers.get(name),
    body,
    retryAfterMs: parseRetryAfter(response.headers.get('retry-after'), serverNow),
  };
}

async function send(platform: Platform, { url, method, headers, body }: TokenRequest, signal: AbortSignal) {
  const response = await platform.fetch(url, {
    method,
    headers,
    signal,
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error', // A redirect could carry the refresh token to another host.
    ...(body === undefined ? {} : { body }),
  });
  return { response, body: await response.text() };
}

function troubleOf(error: unknown, request: TokenRequest): TransientFailure {
  const timedOut = error instanceof DeadlineExceeded;
  const detail = timedOut
    ? `The token endpoint did not answer within ${TOKEN_DEADLINE_MS / 1000} s.`
    : `The token endpoint could not be reached (${redactError(error, request.secrets).message}).`;
  return { kind: 'transient', cause: timedOut ? 'timeout' : 'network', retryAfterMs: null, detail };
}
