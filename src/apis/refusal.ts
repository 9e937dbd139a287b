import { AuthError } from '../core/model/auth-error.ts';
import type { Answer } from '../core/model/answer.ts';
import { parseObject } from '../core/model/json.ts';
import type { RefreshFailure, RefreshOutcome } from '../core/model/refresh-outcome.ts';

/** What Microsoft Entra adds to `invalid_grant` if the user has to agree or to prove more. The refresh token stays valid. */
const ABOUT_CONSENT = ['basic_action', 'additional_action', 'consent_required', 'message_only'];

/**
 * Returns the code with which the authorization server refuses the access token of one API, and nothing else; `null` for any other answer.
 *
 * Such a refusal does not concern the session, nor the access tokens of other APIs.
 *
 * @param isInCookie whether the browser keeps the refresh token. Its server often has no words for a missing one
 * @see RFC 8707 section 2 (`invalid_target`), RFC 6749 section 5.2 (`invalid_scope`)
 */
export function refusalIn(outcome: RefreshOutcome, answer: Answer, isInCookie: boolean): string | null {
  if (outcome.kind === 'granted') return null;
  const body = parseObject(answer.body);
  if (!body || !concernsApi(outcome, answer, `${body['suberror']}`, `${body['error']}`.toLowerCase(), isInCookie)) return null;
  const code = body['error'];
  return typeof code === 'string' && /^[a-z_]{1,64}$/.test(code) ? code : `http_${answer.status}`; // Any other text might be a token.
}

function concernsApi(failure: RefreshFailure, { status }: Answer, suberror: string, code: string, isInCookie: boolean): boolean {
  switch (failure.kind) {
    case 'final':
      return failure.reason === 'login_required' || ABOUT_CONSENT.includes(suberror);
    case 'misconfigured':
      return code !== 'invalid_client';
    case 'transient':
      return failure.cause === 'refused' && !failure.wrongEndpoint && status !== 404 && status !== 405 && !(isInCookie && status === 401);
  }
}

/** Creates the error of a call to an API for which the authorization server gives no access token. */
export function refusedError(origin: string, code: string): AuthError {
  return new AuthError('grant_refused', `The authorization server gives no access token for ${origin} (${code}). Check the parameters of this API, and whether the sign-in has asked for it; the user may have to agree again.`, { apiCode: code, field: origin });
}
