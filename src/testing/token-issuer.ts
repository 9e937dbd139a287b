import { SignJWT, type JWTPayload } from 'jose';

/** Whom a token is for. */
export interface TokenSubject {
  /** Audience: the App Key. */
  readonly aud: string;
  /** Number of the bot. */
  readonly bid: number;
  /** Number of the session. */
  readonly sid: number;
}

/** When an access token begins and ends, in whole seconds as JWTs count. */
export interface TokenSpan {
  readonly iat: number;
  readonly exp: number | null;
}

/** What a bot may do, as the wire spells it. */
export const SCOPE = 'users,posts,camps';

/**
 * The span of a token that is made now.
 *
 * @param now epoch ms
 * @param lifetimeMs how long it lives, ms, or `null` for ever; cut to a whole second, but never to nothing
 */
export function spanFrom(now: number, lifetimeMs: number | null): TokenSpan {
  const iat = Math.floor(now / 1000);
  return { iat, exp: lifetimeMs === null ? null : Math.max(Math.floor((now + lifetimeMs) / 1000), iat + 1) };
}

/** Signs tokens with a random key of its own. */
export class TokenIssuer {
  readonly #key = crypto.getRandomValues(new Uint8Array(32));

  /** A raw access token. */
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

  /** A raw refresh token, which never expires. */
  refresh(subject: TokenSubject, iat: number): Promise<string> {
    return this.#sign({ iss: 'Bonfire-API-Bot-Refresh', ...subject, iat, token_type: 'refresh', type: 'access:bot', v: 1 });
  }

  #sign(claims: JWTPayload): Promise<string> {
    const jti = crypto.randomUUID();
    return new SignJWT({ ...claims, jti }).setProtectedHeader({ typ: 'JWT', alg: 'HS256' }).sign(this.#key);
  }
}
