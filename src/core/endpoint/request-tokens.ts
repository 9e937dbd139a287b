import { AuthError, invalidConfig, unavailable } from '../model/auth-error.ts';
import type { Grant } from '../model/protocol.ts';
import type { RefreshFailure } from '../model/refresh-outcome.ts';
import type { ReceiptFacts } from '../model/token-life.ts';
import type { TokenSet } from '../model/token-set.ts';
import { askTokenEndpoint, type EndpointContext } from './token-endpoint.ts';

/** The tokens of a grant, and their time facts. */
export interface Granted {
  readonly tokens: Readonly<Record<string, TokenSet>>;
  readonly facts: ReceiptFacts;
}

/**
 * Sends a grant to the token endpoint.
 *
 * @param clockOffset API clock minus device clock as learnt so far, ms
 * @throws AuthError `origin_not_allowed`, `grant_refused`, `grant_unavailable`, `misconfigured`, `invalid_response`
 */
export async function requestTokens(context: EndpointContext, clockOffset: number, grant: Grant): Promise<Granted> {
  if (typeof grant?.read !== 'function') throw invalidConfig('grant', 'must come from the protocol, such as `createBotTokens([botId])`');
  context.origins.check(context.origins.resolveEndpoint(grant.request.url));
  const { outcome, facts } = await askTokenEndpoint(context, grant.request, clockOffset, grant.read);
  if (outcome.kind === 'granted') return { tokens: outcome.tokens, facts };
  throw grantError(outcome, facts.answeredAt);
}

function grantError(failure: RefreshFailure, now: number): AuthError {
  if (failure.kind === 'misconfigured') return new AuthError('misconfigured', failure.detail);
  if (failure.kind === 'final') {
    return new AuthError('grant_refused', `The API refuses the grant (${failure.reason}).`, { endReason: failure.reason });
  }
  if (failure.cause === 'refused') return new AuthError('grant_refused', failure.detail);
  const code = failure.cause === 'invalid_response' ? 'invalid_response' : 'grant_unavailable';
  return unavailable(failure.detail, now + (failure.retryAfterMs ?? 0), code);
}
