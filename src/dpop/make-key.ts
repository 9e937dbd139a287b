import { AuthError } from '../core/model/auth-error.ts';
import { KEY_ALGORITHM, publicPartOf, thumbprintOf, type ProofKey } from './proof.ts';

/** Returns WebCrypto. @throws AuthError `misconfigured` in an insecure context */
export function webCrypto(): Crypto {
  const { crypto } = globalThis;
  if (!(crypto?.subtle as SubtleCrypto | undefined)) throw new AuthError('misconfigured', 'DPoP needs WebCrypto, which browsers have in secure contexts only (https, or localhost).');
  return crypto;
}

/**
 * Makes a key.
 *
 * @param isExtractable whether its private part can be stored outside of a browser
 */
export async function makeKey(isExtractable: boolean): Promise<{ readonly key: ProofKey; readonly pair: CryptoKeyPair }> {
  const crypto = webCrypto();
  const pair = await crypto.subtle.generateKey(KEY_ALGORITHM, isExtractable, ['sign', 'verify']);
  const jwk = publicPartOf(await crypto.subtle.exportKey('jwk', pair.publicKey));
  return { key: { jkt: await thumbprintOf(crypto, jwk), privateKey: pair.privateKey, jwk }, pair };
}
