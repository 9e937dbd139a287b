import { decodeClaims } from 'unexpired/core';

/** The claims of one of the API's tokens. */
export interface TokenFacts {
  /** The API's number of the session. */
  readonly sid: number;
  readonly issuedAt: number;
  /** Epoch ms by the API's clock; `Infinity` for refresh tokens. */
  readonly expiresAt: number;
}

/** Creates a reader that decodes each token once. */
export function createTokenReader(): (token: string) => TokenFacts {
  const known = new Map<string, TokenFacts>();
  return (token) => {
    let facts = known.get(token);
    if (!facts) known.set(token, (facts = factsOf(token)));
    return facts;
  };
}

function factsOf(token: string): TokenFacts {
  const claims = decodeClaims(token) ?? {};
  const { sid, iat = 0, exp = Infinity } = claims;
  return { sid: typeof sid === 'number' ? sid : -1, issuedAt: iat * 1000, expiresAt: exp * 1000 };
}

/**
 * Reads the refresh token from the body of a refresh request; returns `null` for any other body.
 *
 * @param cookie the refresh token in the cookie of the request, which counts if the body has none
 */
export function refreshTokenIn(body: string | null, cookie: string | null): string | null {
  const fields = new URLSearchParams(body ?? '');
  return fields.get('grant_type') === 'refresh_token' ? fields.get('refresh_token') ?? cookie : null;
}

/** Finds the token pairs in a text, such as an answer of the token endpoint or a stored record. A session whose refresh token was refused has none. */
export function pairsIn(text: string): { readonly accessToken: string; readonly refreshToken: string | null }[] {
  const found = [...text.matchAll(/"access_?token":"([^"]+)"(?:,"refresh_?token":"([^"]+)")?/gi)];
  return found.map(([, accessToken = '', refreshToken = null]) => ({ accessToken, refreshToken }));
}
