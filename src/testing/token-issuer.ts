import { SignJWT, type JWTPayload } from 'jose';

/** The claims that say what a token belongs to. */
export interface TokenSubject {
  /** The audience, which is the App Key. */
  readonly aud: string;
  /** The number of the bot. */
  readonly bid: number;
  /** The number of the session. */
  readonly sid: number;
}

/** When an access token was issued and expires, epoch s; `exp` is `null` if it never expires. */
export interface TokenSpan {
  readonly iat: number;
  readonly exp: number | null;
}

/** The scopes of a bot, as the API writes them. */
export const SCOPE = 'users,posts,camps';

/**
 * Returns when a token that is issued now expires.
 *
 * @param now epoch ms
 * @param lifetimeMs the lifetime, ms, or `null` if it never expires; rounded down to seconds, but at least one second
 */
export function spanFrom(now: number, lifetimeMs: number | null): TokenSpan {
  const iat = Math.floor(now / 1000);
  return { iat, exp: lifetimeMs === null ? null : Math.max(Math.floor((now + lifetimeMs) / 1000), iat + 1) };
}

/** Signs tokens with its own random key. */
export class TokenIssuer {
  readonly #key = crypto.getRandomValues(new Uint8Array(32));

  /** Signs a raw access token. */
  access(subject: TokenSubject, span: TokenSpan): Promise<string> {
    const { iat, exp } = span;
    return this.#sign({
      iss: 'Bonfire-API-Bot-Access',
      ...subject,
      iat,
      ...(exp !== null && { exp }),
      token_type: 'access',
      type: 'access:bot',
      scope: SCOPE,
      v: 1,
    });
  }

  /** Signs a raw refresh token, which never expires. */
  refresh(subject: TokenSubject, iat: number): Promise<string> {
    return this.#sign({ iss: 'Bonfire-API-Bot-Refresh', ...subject, iat, token_type: 'refresh', type: 'access:bot', v: 1 });
  }

  #sign(claims: JWTPayload): Promise<string> {
    const jti = crypto.randomUUID();
    return new SignJWT({ ...claims, jti }).setProtectedHeader({ typ: 'JWT', alg: 'HS256' }).sign(this.#key);
  }
}
