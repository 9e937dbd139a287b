import { toBase64Url } from '../core/storage/base64url.ts';

/** A public key as JSON (RFC 7517). */
export interface PublicJwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
}

/** A key that can prove. */
export interface ProofKey {
  /** Its name: the thumbprint of the public key (RFC 7638). */
  readonly jkt: string;
  readonly privateKey: CryptoKey;
  readonly jwk: PublicJwk;
}

/** What a proof is for. */
export interface ProofClaims {
  /** The address of the request. */
  readonly url: string;
  readonly method: string;
  /** The access token that the request carries, or `null`. */
  readonly accessToken: string | null;
  /** What the server has asked for last, if it has. */
  readonly nonce: string | undefined;
  /** A name that no other proof has. */
  readonly jti: string;
  /** The time by the server's clock, epoch ms. */
  readonly now: number;
}

/** ES256 (RFC 7518 section 3.4), which each server with DPoP accepts. */
export const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/**
 * Makes a proof for one request: a JWT that the key signs.
 *
 * @see RFC 9449 section 4.2
 */
export async function createProof({ subtle }: Crypto, { privateKey, jwk }: ProofKey, { url, method, accessToken, nonce, jti, now }: ProofClaims): Promise<string> {
  const { origin, pathname } = new URL(url);
  const claims = { jti, htm: method, htu: origin + pathname, iat: Math.floor(now / 1000), nonce, ath: accessToken === null ? undefined : await sha256(subtle, accessToken) };
  const unsigned = [{ typ: 'dpop+jwt', alg: 'ES256', jwk }, claims].map((part) => toBase64Url(bytesOf(JSON.stringify(part)))).join('.');
  const signature = await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, bytesOf(unsigned));
  return `${unsigned}.${toBase64Url(new Uint8Array(signature))}`;
}

/** Returns the members of a public key, in the order of its thumbprint. */
export function publicPartOf({ crv, kty, x, y }: JsonWebKey): PublicJwk {
  return { crv, kty, x, y } as PublicJwk;
}

/** Returns the thumbprint of a public key. @see RFC 7638 section 3 */
export function thumbprintOf({ subtle }: Crypto, jwk: PublicJwk): Promise<string> {
  return sha256(subtle, JSON.stringify(publicPartOf(jwk)));
}

async function sha256(subtle: SubtleCrypto, text: string): Promise<string> {
  return toBase64Url(new Uint8Array(await subtle.digest('SHA-256', bytesOf(text))));
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
