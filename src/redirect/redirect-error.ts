import { AuthorizationResponseError, JWT_CLAIM_COMPARISON, JWT_TIMESTAMP_CHECK, OperationProcessingError, ResponseBodyError, UnsupportedOperationError, WWWAuthenticateChallengeError } from 'oauth4webapi';
import { AuthError, unavailable } from '../core/model/auth-error.ts';
import { nameOf } from '../core/model/foreign-error.ts';
import type { Platform } from '../core/platform/platform.ts';

/** How long to wait before the next try if the server does not say it, ms. */
const RETRY_MS = 5000;

/** The error codes of a server that may grant the same request later (RFC 6749 section 4.1.2.1). */
const RETRYABLE = ['temporarily_unavailable', 'server_error', 'slow_down'];

/** The error codes that point to a wrong set-up (RFC 6749 sections 4.1.2.1 and 5.2, RFC 9126, OpenID Connect Core section 3.1.2.6). */
const MISCONFIGURED = ['invalid_request', 'unauthorized_client', 'unsupported_response_type', 'invalid_scope', 'invalid_client', 'unsupported_grant_type', 'invalid_redirect_uri', 'invalid_target', 'request_not_supported', 'registration_not_supported'];

/** Creates the error of a callback whose flow is not in this browser. */
export function signInExpired(): AuthError {
  return new AuthError('sign_in_expired', 'This sign-in is over, too old, or was begun in another browser; start it again.');
}

/** Creates the error of a request that got no answer. */
export function unreachable(error: unknown, what: string, platform: Platform): AuthError {
  const why = error === null ? 'the server is busy' : nameOf(error);
  return unavailable(`The authorization server did not answer the request for ${what} (${why}); try again.`, platform.now().wall + RETRY_MS, 'grant_unavailable');
}

/**
 * Converts an error of oauth4webapi. Its message and its cause may quote a token, so neither is passed on.
 *
 * @param what what was asked for, to complete a sentence
 */
export function signInError(error: unknown, what: string, platform: Platform): AuthError {
  if (AuthError.is(error)) return error;
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) return refusal(error.error, platform);
  if (error instanceof WWWAuthenticateChallengeError) return refusal('invalid_client', platform);
  if (error instanceof OperationProcessingError || error instanceof UnsupportedOperationError) {
    return new AuthError('invalid_response', `The answer of the authorization server does not belong to this sign-in: ${problemOf(error)}. Start again; if it happens each time, check the server.`);
  }
  return unreachable(error, what, platform);
}

function problemOf({ code, cause }: { readonly code?: string; readonly cause?: unknown }): string {
  const claim = (cause as { readonly claim?: unknown } | undefined)?.claim;
  if (code === JWT_CLAIM_COMPARISON || code === JWT_TIMESTAMP_CHECK) return `the claim ${typeof claim === 'string' ? `\`${claim}\`` : 'of a time'} of the ID token is wrong`;
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : 'it cannot be read';
}

/** The code comes from an address that anyone can make up, so only a plain word is passed on. */
function refusal(code: unknown, platform: Platform): AuthError {
  const apiCode = typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? code : null;
  if (apiCode && RETRYABLE.includes(apiCode)) return new AuthError('grant_unavailable', `The authorization server cannot sign in anyone just now (${apiCode}); try again.`, { transient: true, retryAt: platform.now().wall + RETRY_MS, apiCode });
  if (apiCode && MISCONFIGURED.includes(apiCode)) return new AuthError('misconfigured', `The authorization server does not accept this app's request (${apiCode}); check \`clientId\`, \`redirectUri\`, \`scope\` and the client's settings there.`, { apiCode });
  return new AuthError('grant_refused', `The authorization server did not sign the user in${apiCode ? ` (${apiCode})` : ''}.`, { apiCode });
}
