import type { Answer } from './answer.ts';
import { parseObject } from './json.ts';
import type { MisconfiguredFailure, TransientFailure } from './refresh-outcome.ts';

/** An answer of the API itself that the protocol could not read. */
export interface UnreadableAnswer extends MisconfiguredFailure {
  /** Whether its new refresh token could not be read either. Then a retry cannot help. If it is in a cookie, the browser has stored it. */
  readonly isUnreadable: boolean;
}

/** A refusal of the API itself that the protocol does not know. */
export interface PlainRefusal extends TransientFailure {
  readonly isRefusal: true;
}

/**
 * Separates failures of the API and of the app from failures of the network.
 *
 * A JSON object comes from the API. Anything else, such as the page of a captive portal, may come from the network. HTTP 404
 * and 405 may come from a wrong address.
 *
 * @param outcome what the protocol read in the answer
 * @param isInCookie whether the browser keeps the refresh token
 */
export function classified<T extends { readonly kind: string }>(outcome: T, { status, body }: Answer, isInCookie: boolean): T | UnreadableAnswer | PlainRefusal {
  const failure = outcome as T & Partial<TransientFailure>;
  const { cause, detail = '', rotatedRefreshToken } = failure;
  if (failure.kind !== 'transient' || status >= 500 || !parseObject(body)) return outcome;
  if (cause === 'invalid_response' && status < 300) {
    return { kind: 'misconfigured', detail, rotatedRefreshToken, isUnreadable: rotatedRefreshToken === undefined && !isInCookie };
  }
  return cause === 'refused' && status !== 404 && status !== 405 ? { ...(outcome as unknown as TransientFailure), isRefusal: true } : outcome;
}
