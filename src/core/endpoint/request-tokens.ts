import { AuthError, invalidSetting, unavailable } from '../model/auth-error.ts';
import type { Grant, TokenRequest } from '../model/protocol.ts';
import type { UnreadableAnswer } from '../model/answer-class.ts';
import type { GrantRefusal, RefreshFailure } from '../model/refresh-outcome.ts';
import type { ReceiptFacts } from '../model/token-life.ts';
import type { TokenSet } from '../model/token-set.ts';
import type { EndpointContext, TokenEndpoint } from './token-endpoint.ts';

/** The tokens of a grant, and their time facts. */
export interface Granted {
  readonly tokens: Readonly<Record<string, TokenSet>>;
  readonly facts: ReceiptFacts;
}

/**
 * Sends a grant to the token endpoint.
 *
 * @param clockOffset API clock minus device clock as measured so far, ms
 * @throws AuthError `origin_not_allowed`, `grant_refused`, `grant_unavailable`, `misconfigured`, `invalid_response`
 */
export async function requestTokens({ origins, askTokenEndpoint }: Pick<EndpointContext, 'origins'> & { readonly askTokenEndpoint: TokenEndpoint }, clockOffset: number, grant: Grant): Promise<Granted> {
  if (typeof grant?.read !== 'function') throw invalidSetting('grant', grant);
  origins.checkEndpoint(grant.request.url);
  const { outcome, facts } = await askTokenEndpoint(grant.request, clockOffset, grant.read);
  if (outcome.kind === 'granted') return { tokens: outcome.tokens, facts };
  throw grantError(outcome, grant.request, facts.answeredAt);
}

function grantError(failure: GrantRefusal | RefreshFailure | UnreadableAnswer, request: TokenRequest, now: number): AuthError {
  if (failure.kind === 'misconfigured') return new AuthError('isUnreadable' in failure ? 'invalid_response' : 'misconfigured', failure.detail);
  if (failure.kind === 'transient') {
    if (failure.cause === 'refused') return new AuthError('grant_refused', failure.detail);
    return unavailable(failure.detail, now + (failure.retryAfterMs ?? 0), failure.cause === 'invalid_response' ? failure.cause : 'grant_unavailable');
  }
  const apiCode = failure.kind === 'refused' ? safeCode(failure.apiCode, request) : null;
  const endReason = failure.kind === 'refused' ? failure.endReason ?? null : failure.reason;
  const why = apiCode ?? endReason;
  return new AuthError('grant_refused', `The API refuses the grant${why === null ? '' : ` (${why})`}.`, { apiCode, endReason });
}

/** Returns a short code without white space that repeats no value of the request, because that value could be a password. */
function safeCode(code: unknown, { url, headers, body = '' }: TokenRequest): string | null {
  if (typeof code !== 'string' || !/^[\w.:-]{1,64}$/.test(code)) return null;
  const withoutNames = [url, body, ...Object.values(headers)].join(' ').replace(/[\w.:-]+("\s*:|=)/g, ' ');
  const values = withoutNames.replace(/%3A/gi, ':').split(/[^\w.:-]+/);
  // A short value in a longer code, such as the password `wrong` in `wrong_password`, is a coincidence.
  return values.some((value) => value === code || (value.length >= 8 && code.includes(value))) ? null : code;
}
