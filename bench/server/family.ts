import { randomBytes } from 'node:crypto';

/** The rules by which a world issues and accepts tokens. */
export interface TokenRules {
  /** The `iss` of its ID tokens. */
  readonly issuer: string;
  /** How long the next access token lives, s. */
  lifetimeS: number;
}

/** The answer of a token endpoint (RFC 6749, section 5.1). */
export interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly scope: string;
  readonly id_token: string;
}

const CLIENT_ID = 'bench';

/** One session at the server. Refresh tokens work once, and a second use ends the session (RFC 9700, section 4.14.2). */
export class TokenFamily {
  alive = true;
  reuses = 0;
  /** Access tokens, and until when they are accepted, epoch ms. A refresh leaves the others valid, as most servers do. */
  readonly #accessTokens = new Map<string, number>();
  #refreshToken = '';
  readonly #spent = new Set<string>();
  readonly #rules: TokenRules;

  constructor(rules: TokenRules) {
    this.#rules = rules;
  }

  issue(nonce?: string): TokenAnswer {
    const now = Math.floor(Date.now() / 1000);
    const { issuer, lifetimeS } = this.#rules;
    if (this.#refreshToken) this.#spent.add(this.#refreshToken);
    const claims = { sub: 'camper', iss: issuer, aud: CLIENT_ID, iat: now, exp: now + lifetimeS };
    const accessToken = jwt(claims);
    this.#accessTokens.set(accessToken, Date.now() + lifetimeS * 1000);
    this.#refreshToken = jwt({ sub: 'camper', iat: now, exp: now + 30 * 86_400 });
    const idToken = jwt({ ...claims, ...(nonce ? { nonce } : {}), exp: now + 30 * 86_400 });
    return { access_token: accessToken, refresh_token: this.#refreshToken, token_type: 'Bearer', expires_in: lifetimeS, scope: 'openid', id_token: idToken };
  }

  /** Returns new tokens for a refresh token, or `null` if it is not valid. */
  rotate(refreshToken: string): TokenAnswer | null {
    if (this.#spent.has(refreshToken)) {
      this.reuses += 1;
      this.alive = false;
    }
    return this.alive && refreshToken === this.#refreshToken ? this.issue() : null;
  }

  accepts(accessToken: string): boolean {
    return this.alive && Date.now() < (this.#accessTokens.get(accessToken) ?? 0);
  }

  /** Revokes the access tokens that were issued. */
  revokeAccessTokens(): void {
    this.#accessTokens.clear();
  }
}

/** Returns a token in the form of a JWT. Its signature is random, so that each token is unique. */
function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT', kid: 'bench' })}.${part(claims)}.${randomBytes(64).toString('base64url')}`;
}
