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
  /** Whether an access token goes on working when its grant is over, as one that is checked by its signature alone. */
  readonly outlivesGrant: boolean;
  /** What an API answers a call with as `WWW-Authenticate`; `null` when the call is welcome. */
  readonly challenge: (authorization: string | undefined) => Promise<string | null>;
  /** Takes back all access tokens there are, and no refresh token. */
  readonly revokeAccessTokens: () => Promise<void>;
}
