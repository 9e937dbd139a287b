import { authorizationCodeGrantRequest, clockSkew, None, processAuthorizationCodeResponse, validateAuthResponse } from 'oauth4webapi';
import { answerOf, type Answer } from '../core/model/answer.ts';
import { asObject, parseObject } from '../core/model/json.ts';
import type { Proofs } from '../core/model/proofs.ts';
import { decodeClaims, type TokenSet } from '../core/model/token-set.ts';
import { withDeadline } from '../core/platform/deadline.ts';
import type { Platform } from '../core/platform/platform.ts';
import { fromTokenResponse } from '../protocols/oauth2/token-response.ts';
import type { Flow } from './flow.ts';
import { signInError, signInExpired } from './redirect-error.ts';
import { ANSWER_MS, asServer, requestOptions } from './server-metadata.ts';

/** The parts of the client and of the settings that an exchange needs. */
export interface ExchangeContext {
  readonly platform: Platform;
  /** Binds the tokens to the key of the flow, if the client does that. */
  readonly proofs: Proofs | undefined;
  /** API clock minus device clock as measured so far, ms. */
  readonly clockOffset: number;
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
export async function exchangeCode({ platform, proofs, clockOffset, clientId, keep }: ExchangeContext, state: string, flow: Flow, parameters: URLSearchParams): Promise<TokenSet> {
  const { server, nonce, verifier, redirectUri, isOpenId, maxAge, jkt } = flow;
  const sender = proofs?.on(platform, jkt === undefined ? null : { accessToken: '', extra: { dpop_jkt: jkt } }, clockOffset) ?? platform;
  try {
    const checked = validateAuthResponse(asServer(server), { client_id: clientId }, parameters, state);
    const [response, body] = await withDeadline(platform, ANSWER_MS, async (signal) => {
      const answer = await authorizationCodeGrantRequest(asServer(server), { client_id: clientId }, None(), checked, redirectUri, verifier, requestOptions(sender, server.issuer, signal));
      return [answer, await answer.clone().text()] as const;
    });
    const answer = answerOf(response, body, Math.floor(platform.now().wall));
    if (isKeyLost(answer, proofs)) throw signInExpired();
    const client = { client_id: clientId, [clockSkew]: skewOf(body, platform.now().wall) };
    const expected = { requireIdToken: isOpenId, ...(isOpenId && { expectedNonce: nonce }), ...(maxAge !== undefined && { maxAge }) };
    const tokens = await processAuthorizationCodeResponse(asServer(server), client, response, expected);
    const read = () => ({ kind: 'granted' as const, tokens: fromTokenResponse(tokens, answer.now, isOpenId ? [...keep, 'id_token'] : keep) });
    return (proofs?.reader(read) ?? read)(answer).tokens;
  } catch (error) {
    throw signInError(error, 'the tokens', platform);
  }
}

/** Whether the key of the flow is gone from this browser. The code can then not be redeemed. */
function isKeyLost(answer: Answer, proofs: Proofs | undefined): boolean {
  const read = () => ({ kind: 'asked' });
  return (proofs?.reader(read) ?? read)(answer).kind === 'final';
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
