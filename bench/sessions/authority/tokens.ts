import { randomBytes, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';

/** Signs what the authorization server issues. */
export interface Tokens {
  readonly jwks: { readonly keys: readonly JWK[] };
  readonly accessToken: (claims: AccessClaims) => Promise<string>;
  readonly idToken: (claims: IdClaims) => Promise<string>;
  readonly refreshToken: (bytes: number) => string;
}

export interface AccessClaims {
  readonly issuer: string;
  readonly sessionId: string;
  readonly lifetimeMs: number;
  /** The token is filled up to about this length. */
  readonly bytes: number;
}

export interface IdClaims {
  readonly issuer: string;
  readonly clientId: string;
  readonly sessionId: string;
  readonly nonce: string | undefined;
  readonly lifetimeMs: number;
}

export const SUBJECT = 'user-1';

export async function createTokens(): Promise<Tokens> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const header = { alg: 'RS256', kid: 'bench', typ: 'JWT' };
  const lifetime = (ms: number) => Math.floor((Date.now() + ms) / 1000);
  return {
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'RS256', use: 'sig' }] },
    async accessToken({ issuer, sessionId, lifetimeMs, bytes }) {
      const sign = (filler: string) => {
        const claims = { sid: sessionId, scope: 'openid email offline_access', ...(filler && { permissions: filler }) };
        return new SignJWT(claims).setProtectedHeader(header).setIssuer(issuer).setSubject(SUBJECT).setAudience('api').setJti(randomUUID()).setIssuedAt(lifetime(0)).setExpirationTime(lifetime(lifetimeMs)).sign(privateKey);
      };
      const bare = await sign('');
      // The filler is Base64 in JSON in Base64: 9 bytes become 16 characters.
      const missing = Math.floor(((bytes - bare.length - 24) * 9) / 16);
      return missing > 0 ? sign(randomBytes(missing).toString('base64')) : bare;
    },
    idToken({ issuer, clientId, sessionId, nonce, lifetimeMs }) {
      const claims = { sid: sessionId, email: 'user@example.com', name: 'A user', ...(nonce !== undefined && { nonce }) };
      return new SignJWT(claims).setProtectedHeader(header).setIssuer(issuer).setSubject(SUBJECT).setAudience(clientId).setIssuedAt(lifetime(0)).setExpirationTime(lifetime(lifetimeMs)).sign(privateKey);
    },
    refreshToken: (bytes) => randomBytes(Math.max(32, Math.floor((bytes * 3) / 4))).toString('base64url'),
  };
}
