import { DeadlineExceeded, withDeadline } from '../platform/deadline.ts';
import type { Answer, Protocol, TokenRequest } from '../model/protocol.ts';
import { nameOf, redactError } from '../model/redact.ts';
import { LATE_ANSWER_MS, parseHttpDate, parseRetryAfter } from '../model/refresh-policy.ts';
import { invalidResponse, transient, type TransientFailure } from '../model/refresh-outcome.ts';
import { remainingMs, type ReceiptFacts } from '../model/token-life.ts';
import { secretsOf, type TokenSet } from '../model/token-set.ts';
import type { Platform } from '../platform/platform.ts';

/** After that long nobody waits for an answer any more; a refresh token that has been sent may be spent, so no caller shortens it. */
const TOKEN_DEADLINE_MS = 10_000;

/** Until then an answer still counts when it comes, and the next attempt is not made before. */
const LATEST_ANSWER_MS = TOKEN_DEADLINE_MS + LATE_ANSWER_MS - 1000;

/** What an answer means, and when it was asked for and received. */
export interface Asked<T> {
  readonly outcome: T | TransientFailure;
  readonly facts: ReceiptFacts;
}

/** What came of a request in time; where nothing did, `late` is what comes of it yet. */
export type AskedInTime<T> = (Asked<T> & { readonly late: null }) | (Asked<never> & { readonly late: Promise<Asked<T>> });

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
): Promise<AskedInTime<T>> {
  const sentAt = platform.now();
  const factsOf = (serverDate: number | null) => {
    const at = platform.now();
    const requestedAt = at.wall + remainingMs({ ...sentAt, leftMs: 0 }, at); // The wall clock may have been set back on the way.
    return { requestedAt, answeredAt: at.wall, clockOffset: serverDate === null ? clockOffset : serverDate - requestedAt, fresh: true };
  };
  const failed = (error: unknown): Asked<never> => ({ outcome: troubleOf(error, request), facts: factsOf(null) });
  const answered = withDeadline(platform, LATEST_ANSWER_MS, (signal) => send(platform, request, signal)).then(
    ([response, body]): Asked<T> => {
      const facts = factsOf(parseHttpDate(response.headers.get('date')));
      return { outcome: outcomeOf(read, answerOf(response, body, facts.requestedAt + facts.clockOffset)), facts };
    },
    failed,
  );
  return withDeadline(platform, TOKEN_DEADLINE_MS, () => answered).then(
    (asked) => ({ ...asked, late: null }),
    (error: unknown) => ({ ...failed(error), late: answered }),
  );
}

function outcomeOf<T>(read: (answer: Answer) => T, answer: Answer): T | TransientFailure {
  try {
    return read(answer);
  } catch (error) {
    return invalidResponse(nameOf(error)); // A protocol's own trouble; its message may quote the answer.
  }
}

/** Shows a response to a protocol. */
export function answerOf(response: Response, body: string, now: number): Answer {
  return {
    status: response.status,
    header: (name) => response.headers.get(name),
    body,
    retryAfterMs: parseRetryAfter(response.headers.get('retry-after'), now),
    now,
  };
}

/** Revokes tokens of a session that is over, where the protocol can; nobody waits for it, and a page that closes does not stop it. */
export async function revoke(platform: Platform, protocol: Protocol, tokens: TokenSet): Promise<void> {
  const secrets = secretsOf(tokens);
  try {
    const request = protocol.revokeRequest?.(tokens);
    if (!request) return;
    secrets.push(...request.secrets);
    const [response] = await withDeadline(platform, TOKEN_DEADLINE_MS, (signal) => send(platform, request, signal, true));
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
  } catch (error) {
    platform.warn(`unexpired: signed out, but the tokens could not be revoked: ${redactError(error, secrets).message}`);
  }
}

async function send(platform: Platform, { url, method, headers, body }: TokenRequest, signal: AbortSignal, keepalive = false) {
  const response = await platform.fetch(url, {
    method,
    headers,
    signal,
    keepalive,
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error', // A redirect could carry the refresh token to another host.
    body: body ?? null,
  });
  return [response, await response.text()] as const;
}

function troubleOf(error: unknown, request: TokenRequest): TransientFailure {
  return error instanceof DeadlineExceeded
    ? transient('timeout', `The token endpoint did not answer within ${TOKEN_DEADLINE_MS / 1000} s.`)
    : transient('network', `The token endpoint could not be reached (${redactError(error, request.secrets).message}).`);
}
