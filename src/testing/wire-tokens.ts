import { SCOPE, type TokenSpan } from './token-issuer.ts';
import { wireDate, type DateSpelling } from './wire-date.ts';

/** The `access_token` object of the API. */
export interface WireTokens {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly expires_at?: string;
  readonly created_at?: string;
  readonly scope: string;
}

/** The parts of an `access_token` object. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly span: TokenSpan;
  readonly spelling: DateSpelling;
}

/** Makes an `access_token` object. It has `expires_at`, or `created_at` if the token never expires. */
export function wireTokens({ accessToken, refreshToken, span, spelling }: IssuedTokens): WireTokens {
  return {
    access_token: accessToken,
    ...(refreshToken !== null && { refresh_token: refreshToken }),
    ...(span.exp === null ? { created_at: wireDate(span.iat * 1000) } : { expires_at: wireDate(span.exp * 1000, spelling) }),
    scope: SCOPE,
  };
}
