import type { Answer } from './answer.ts';
import type { RefreshOutcome } from './refresh-outcome.ts';

/**
 * Reads the answer to a refresh whose token is in a cookie. The server that keeps the cookie often has no words for "there is no session".
 *
 * HTTP 204 and 401 end the session. While it is presumed, 400, 403 and a 401 with the HTML page of
 * a framework end it, too, because no user has signed in on this page.
 *
 * @param outcome what the protocol read in the answer. A failure that it knows, such as a wrong client id, keeps its meaning
 * @param isPresumed whether no answer has confirmed the session yet
 */
export function cookieOutcome(outcome: RefreshOutcome, { status }: Answer, isPresumed: boolean): RefreshOutcome {
  const isKnown = outcome.kind !== 'transient' || (outcome.wrongEndpoint && !(isPresumed && status === 401));
  const isOver = status === 204 || status === 401 || (isPresumed && (status === 400 || status === 403));
  return !isKnown && isOver ? { kind: 'final', reason: 'refresh_token_invalid' } : outcome;
}
