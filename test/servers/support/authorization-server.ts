import type { Listening } from '../../browsers/server/listening.ts';

export const ISSUER = 'https://id.example.com';
export const API = 'https://api.example.com';
export const APP = 'https://app.example.com';
export const CLIENT_ID = 'my-app';
export const REDIRECT_URI = `${APP}/callback`;
export const PATHS = { authorization: '/oauth/authorize', token: '/oauth/token', revocation: '/oauth/revoke' } as const;
export const LIFETIME_S = 300;

/** A real authorization server on a free port of this machine. */
export interface AuthorizationServer extends Listening {
  /** The scopes that a sign-in asks for. Without `openid` there is no ID token. */
  readonly scope: string;
  /** Whether an access token stays valid after its grant has ended, because only its signature is checked. */
  readonly outlivesGrant: boolean;
  /** Whether the revocation of a token that has already ended is answered with an error, against RFC 7009, section 2.2. */
  readonly refusesEndedTokens?: boolean;
  /** The error of a refresh by another client. Most servers answer `invalid_client`, because they do not know it. */
  readonly errorOfAnotherClient?: 'invalid_grant';
  /** The `WWW-Authenticate` header with which an API refuses a call, or `null` if it accepts the call. */
  readonly challenge: (authorization: string | undefined) => Promise<string | null>;
  /** Revokes all access tokens, and no refresh token. */
  readonly revokeAccessTokens: () => Promise<void>;
}
