import { SCOPE, type TokenSpan } from './token-issuer.ts';
import { wireDate, type DateSpelling } from './wire-date.ts';

/** The wire's `access_token` object. */
export interface WireTokens {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly expires_at?: string;
  readonly created_at?: string;
  readonly scope: string;
}

/** What an `access_token` object is made of. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly span: TokenSpan;
  readonly spelling: DateSpelling;
}

/** Writes an `access_token` object: with `expires_at`, or with `created_at` when the token lives for ever. */
export function wireTokens({ accessToken, refreshToken, span, spelling }: IssuedTokens): WireTokens {
  return {
    access_token: accessToken,
    ...(refreshToken !== null && { refresh_token: refreshToken }),
    ...(span.exp === null ? { created_at: wireDate(span.iat * 1000) } : { expires_at: wireDate(span.exp * 1000, spelling) }),
    scope: SCOPE,
  };
}
