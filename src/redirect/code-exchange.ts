import { authorizationCodeGrantRequest, clockSkew, None, processAuthorizationCodeResponse, validateAuthResponse } from 'oauth4webapi';
import { asObject, parseObject } from '../core/model/json.ts';
import { decodeClaims, type TokenSet } from '../core/model/token-set.ts';
import { withDeadline } from '../core/platform/deadline.ts';
import type { Platform } from '../core/platform/platform.ts';
import { fromTokenResponse } from '../protocols/oauth2/token-response.ts';
import type { Flow } from './flow.ts';
import { signInError } from './redirect-error.ts';
import { ANSWER_MS, asServer, requestOptions } from './server-metadata.ts';

/** The parts of the client and of the settings that an exchange needs. */
export interface ExchangeContext {
  readonly platform: Platform;
  readonly clientId: string;
  /** The names of the members of the answer that are kept with the tokens. */
  readonly keep: readonly string[];
}

/**
 * Checks the answer of the authorization server, and exchanges its code for tokens. The code goes to the server that the flow began with.
 *
 * @param parameters the parameters of the callback's address
 * @throws AuthError `grant_refused`, `grant_unavailable`, `misconfigured`, `invalid_response`
 * @see RFC 6749 section 4.1.3, RFC 9207 (`iss`), OpenID Connect Core section 3.1.3.7 (ID token)
 */
export async function exchangeCode({ platform, clientId, keep }: ExchangeContext, state: string, flow: Flow, parameters: URLSearchParams): Promise<TokenSet> {
  const { server, nonce, verifier, redirectUri, isOpenId, maxAge } = flow;
  try {
    const checked = validateAuthResponse(asServer(server), { client_id: clientId }, parameters, state);
    const [response, body] = await withDeadline(platform, ANSWER_MS, async (signal) => {
      const answer = await authorizationCodeGrantRequest(asServer(server), { client_id: clientId }, None(), checked, redirectUri, verifier, requestOptions(platform, server.issuer, signal));
      return [answer, await answer.clone().text()] as const;
    });
    const client = { client_id: clientId, [clockSkew]: skewOf(body, platform.now().wall) };
    const expected = { requireIdToken: isOpenId, ...(isOpenId && { expectedNonce: nonce }), ...(maxAge !== undefined && { maxAge }) };
    const tokens = await processAuthorizationCodeResponse(asServer(server), client, response, expected);
    return fromTokenResponse(tokens, Math.floor(platform.now().wall), isOpenId ? [...keep, 'id_token'] : keep);
  } catch (error) {
    throw signInError(error, 'the tokens', platform);
  }
}

/**
 * How far the device's clock is behind the server's, seconds.
 *
 * The ID token was issued for this request, as its nonce shows. So its `iat` is the server's time, and a wrong device clock hinders no sign-in.
 */
function skewOf(body: string, now: number): number {
  const idToken = asObject(parseObject(body))?.['id_token'];
  const iat = typeof idToken === 'string' ? decodeClaims(idToken)?.iat : undefined;
  return typeof iat === 'number' ? Math.round(iat - now / 1000) : 0;
}
