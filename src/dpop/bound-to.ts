import { invalidConfig } from '../core/model/auth-error.ts';
import type { TokenSet } from '../core/model/token-set.ts';
import { webCrypto } from './make-key.ts';
import { publicPartOf, thumbprintOf } from './proof.ts';

/** A key pair of WebCrypto. Its type has no name that all runtimes have. */
export interface ProofKeyPair {
  readonly privateKey: object;
  readonly publicKey: object;
}

/**
 * Adds the key to tokens that your own code on a server has got with it, for example with `oauth4webapi` or `openid-client`.
 *
 * In a browser, sign in with `unexpired/redirect` or a grant, which make a key that no script can export.
 *
 * @param tokens the tokens that the server has bound to the key
 * @param keyPair a pair for ES256 whose private part can be exported, because it is stored in the encrypted row of the session
 * @throws AuthError `invalid_config` with the field `keyPair`
 * @example
 * ```ts
 * import { boundTo } from 'unexpired/dpop';
 * import { fromTokenResponse, type TokenResponse } from 'unexpired/oauth2';
 * import type { Sessions } from 'unexpired/server';
 * async function signIn(sessions: Sessions, response: TokenResponse, keyPair: CryptoKeyPair) {
 *   return sessions.signIn(await boundTo(fromTokenResponse(response, Date.now()), keyPair));
 * }
 * ```
 * @see RFC 9449 section 5
 */
export async function boundTo(tokens: TokenSet, keyPair: ProofKeyPair): Promise<TokenSet> {
  const crypto = webCrypto();
  const { privateKey, publicKey } = keyPair as CryptoKeyPair;
  const algorithm = privateKey?.algorithm as EcKeyAlgorithm | undefined;
  if (algorithm?.namedCurve !== 'P-256' || !privateKey.extractable) throw invalidConfig('keyPair', 'must be a pair for ES256 whose private key is extractable');
  const jwk = publicPartOf(await crypto.subtle.exportKey('jwk', publicKey));
  const { d } = await crypto.subtle.exportKey('jwk', privateKey);
  return { ...tokens, extra: { ...tokens.extra, dpop_jkt: await thumbprintOf(crypto, jwk), dpop_key: { ...jwk, d }, token_type: 'DPoP' } };
}
