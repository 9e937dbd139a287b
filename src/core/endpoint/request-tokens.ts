import { AuthError, invalidConfig } from '../model/auth-error.ts';
import type { Grant } from '../model/protocol.ts';
import type { RefreshFailure } from '../model/refresh-outcome.ts';
import type { ReceiptFacts } from '../model/token-life.ts';
import type { TokenSet } from '../model/token-set.ts';
import type { Origins } from '../model/origins.ts';
import type { Platform } from '../platform/platform.ts';
import type { SessionStore } from '../session/session-store.ts';
import { askTokenEndpoint } from './token-endpoint.ts';

/** The tokens a grant yielded, and when. */
export interface Granted {
  readonly tokens: Readonly<Record<string, TokenSet>>;
  readonly facts: ReceiptFacts;
}

/**
 * Sends a grant.
 *
 * @throws AuthError `origin_not_allowed`, `grant_refused`, `misconfigured`, `invalid_response`, `refresh_unavailable`
 */
export async function requestTokens(platform: Platform, origins: Origins, store: SessionStore, grant: Grant): Promise<Granted> {
  if (typeof grant?.read !== 'function') throw invalidConfig('grant', 'must come from the protocol, such as `createBotTokens([botId])`');
  origins.check(grant.request.url);
  const { outcome, facts } = await askTokenEndpoint(platform, grant.request, store.getSnapshot().clockOffset, grant.read);
  if (outcome.kind === 'granted') return { tokens: outcome.tokens, facts };
  throw grantError(outcome, facts.answeredAt);
}

function grantError(failure: RefreshFailure, now: number): AuthError {
  if (failure.kind === 'misconfigured') return new AuthError('misconfigured', failure.detail);
  if (failure.kind === 'final') {
    return new AuthError('grant_refused', `The API refuses the grant (${failure.reason}).`, { endReason: failure.reason });
  }
  if (failure.cause === 'refused') return new AuthError('grant_refused', failure.detail);
  const code = failure.cause === 'invalid_response' ? 'invalid_response' : 'refresh_unavailable';
  return new AuthError(code, failure.detail, { transient: true, retryAt: now + (failure.retryAfterMs ?? 0) });
}
