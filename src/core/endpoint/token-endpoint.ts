import { corsHint, withOrigin } from '#words';
import { classified, type PlainRefusal, type UnreadableAnswer } from '../model/answer-class.ts';
import { answerOf } from '../model/answer.ts';
import type { Origins } from '../model/origins.ts';
import type { Answer } from '../model/answer.ts';
import { invalidSetting } from '../model/auth-error.ts';
import type { Protocol, TokenRequest } from '../model/protocol.ts';
import { nameOf } from '../model/foreign-error.ts';
import { LATE_ANSWER_MS, parseHttpDate } from '../model/refresh-policy.ts';
import { invalidResponse, transient, type TransientFailure } from '../model/refresh-outcome.ts';
import { remainingMs, type ReceiptFacts } from '../model/token-life.ts';
import type { TokenSet } from '../model/token-set.ts';
import { DeadlineExceeded, withDeadline } from '../platform/deadline.ts';
import { runOwnCode } from '../platform/own-code.ts';
import type { Platform, Release } from '../platform/platform.ts';

/** How long callers wait for an answer. No caller can shorten it, because a refresh token that was sent may be spent. */
export const TOKEN_DEADLINE_MS = 10_000;

/** The longest body of a request that survives its page, characters. Browsers refuse 64 KiB in all such requests of a page. */
const LONGEST_KEPT = 50_000;

/** How long a late answer still counts. The next attempt starts later than that. */
const LATEST_ANSWER_MS = TOKEN_DEADLINE_MS + LATE_ANSWER_MS - 1000;

/** The parts of the client that a request to an endpoint needs. */
export interface EndpointContext {
  readonly platform: Platform;
  readonly origins: Pick<Origins, 'resolveEndpoint'>;
  readonly protocol: Pick<Protocol, 'refreshCookie' | 'proofs'>;
  /** Missing if the refresh token is not in a cookie. */
  readonly requestTurn?: RequestTurn | undefined;
}

/** Keeps requests with the cookie of the refresh token apart if the turns of two tabs overlap. */
export interface RequestTurn {
  /** Notes that this tab asks for its turn. */
  readonly begin: () => void;
  /**
   * Waits for the request of another tab, if this tab has taken over, or if its turn has taken so long that another tab may have.
   *
   * @returns the function to call when the answer has arrived, if it is needed
   * @throws AuthError `disposed` if the client is disposed of meanwhile
   */
  readonly lock: () => Promise<Release | undefined>;
}

/** The meaning of an answer, and its time facts. */
export interface Asked<T> {
  readonly outcome: T | TransientFailure | UnreadableAnswer | PlainRefusal;
  readonly facts: ReceiptFacts;
}

/** The result at the deadline. If no answer has arrived, `late` resolves to the answer that may still arrive. */
export type AskedInTime<T> = (Asked<T> & { readonly late: null }) | (Asked<never> & { readonly late: Promise<Asked<T>> });

/**
 * Sends a request to the token endpoint and reads the answer. A failed request is a transient failure.
 *
 * @param clockOffset API clock minus device clock as measured so far, ms, to read the date in a `Retry-After`
 * @param tokens the tokens of the session, if there is one
 */
export type TokenEndpoint = <T extends { readonly kind: string }>(request: TokenRequest, clockOffset: number, read: (answer: Answer) => T, tokens?: TokenSet | null) => Promise<AskedInTime<T>>;

/** The session of a request, and the API's clock as far as it is known. */
interface ProvenAs {
  readonly tokens: TokenSet | null;
  readonly clockOffset?: number;
}

/** Creates the token endpoint of one client. It stores whether the endpoint has ever granted tokens to this page. */
export function createTokenEndpoint(context: EndpointContext): TokenEndpoint {
  const { platform, protocol: { refreshCookie, proofs } } = context;
  let hasGranted = false;
  let hasAnswered = false;

  /** An endpoint that has worked has the right address, so a later page in its place comes from the network. */
  function settled<T extends { readonly kind: string }>(outcome: T | TransientFailure): T | TransientFailure {
    hasGranted ||= outcome.kind === 'granted';
    return hasGranted && 'wrongEndpoint' in outcome ? { ...outcome, wrongEndpoint: undefined } : outcome;
  }

  function outcomeOf<T>(read: (answer: Answer) => T, answer: Answer): T | TransientFailure {
    return runOwnCode(platform, () => read(answer), (error) => invalidResponse(`the protocol threw ${nameOf(error)}`), answer.body);
  }

  return async (request, clockOffset, read, tokens = null) => {
    checkMethod(context, request);
    const end = await context.requestTurn?.lock();
    const sentAt = platform.now();
    const factsOf = (serverDate: number | null) => {
      const at = platform.now();
      const requestedAt = at.wall + remainingMs({ ...sentAt, leftMs: 0 }, at); // The wall clock may have been set back meanwhile.
      return { requestedAt, answeredAt: at.wall, clockOffset: serverDate === null ? clockOffset : serverDate - requestedAt, dated: serverDate !== null, fresh: true };
    };
    const failed = (error: unknown): Asked<never> => {
      const outcome = failureOf(error);
      return { outcome: { ...outcome, detail: outcome.detail + corsHint(outcome, request, context, hasAnswered) }, facts: factsOf(null) };
    };
    const answered = withDeadline(platform, LATEST_ANSWER_MS, (signal) => sendTokenRequest(context, request, signal, { tokens, clockOffset })).then(([response, body]) => {
      hasAnswered = true;
      const facts = factsOf(parseHttpDate(response.headers.get('date')));
      const answer = answerOf(response, body, Math.floor(facts.requestedAt + facts.clockOffset));
      return { outcome: classified(withOrigin(settled(outcomeOf(proofs?.reader(read) ?? read, answer)), request, context, response.status), answer, refreshCookie !== undefined), facts };
    }, failed).finally(end);
    return withDeadline(platform, TOKEN_DEADLINE_MS, () => answered).then(
      (asked) => ({ ...asked, late: null }),
      (error: unknown) => ({ ...failed(error), late: answered }),
    );
  };
}

/**
 * Refuses a request that another site could send with the cookies of the user, because it needs no permission by CORS.
 *
 * @throws AuthError `invalid_config`, with the field `method`
 */
export function checkMethod({ protocol }: EndpointContext, { method }: TokenRequest): void {
  if (protocol.refreshCookie && method !== 'POST') throw invalidSetting('method', method);
}

/**
 * Sends a request to an endpoint of the authorization server and reads the whole answer.
 *
 * If the refresh token is in a cookie, the request survives the closing of the page, because its answer sets the next cookie.
 */
export async function sendTokenRequest({ platform, origins, protocol: { refreshCookie, proofs } }: EndpointContext, { url, method, headers, body }: TokenRequest, signal: AbortSignal, { tokens, clockOffset }: ProvenAs, keepalive = refreshCookie !== undefined): Promise<readonly [Response, string]> {
  const response = await (proofs?.on(platform, tokens, clockOffset) ?? platform).fetch(origins.resolveEndpoint(url), {
    method,
    headers: { ...headers, ...refreshCookie?.headers(platform) },
    signal,
    keepalive: keepalive && (body?.length ?? 0) < LONGEST_KEPT,
    cache: 'no-store',
    credentials: refreshCookie ? 'include' : 'omit',
    redirect: 'error', // A redirect could carry the refresh token to another host.
    body: body ?? null,
  });
  return [response, await response.text()];
}

function failureOf(error: unknown): TransientFailure {
  return error instanceof DeadlineExceeded
    ? transient('timeout', `The token endpoint did not answer within ${TOKEN_DEADLINE_MS / 1000} s.`)
    : transient('network', `The token endpoint could not be reached (${nameOf(error)}).`);
}
