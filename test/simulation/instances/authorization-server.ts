import type { TokenSet } from 'unexpired/server';
import type { EndpointMode } from './scenario.ts';

/** A session at the authorization server: the tokens that descend from one sign-in. */
export interface Family {
  readonly sid: number;
  readonly user: string;
  /** Counts the token sets, from 1. Only the refresh token of the latest one is accepted. */
  generation: number;
  /** Why it has ended: a rotated refresh token was sent again, its tokens were revoked, or the server ended it. `null` while it lives. */
  endedBy: 'reuse' | 'revocation' | 'server' | null;
}

/** The facts of one of the server's tokens. */
export interface TokenFacts {
  readonly kind: string;
  readonly user: string;
  readonly sid: number;
  readonly generation: number;
}

/** An authorization server with one-time refresh tokens and no grace period, and the API that its access tokens are for. */
export interface AuthorizationServer {
  /** The server's own log: a family for each sign-in, by its `sid`. */
  readonly families: Family[];
  /** How long the next access tokens live, ms. */
  lifetimeMs: number;
  /** The answer of the token endpoint to the next refreshes, and the `Retry-After` of its errors, s. */
  mode: EndpointMode;
  retryAfter: number | null;
  /** Grants the tokens of a sign-in. */
  readonly grant: (user: string) => TokenSet;
  /** When an access token was issued and when it expires, epoch ms by the server's clock. */
  readonly lifeOf: (accessToken: string) => { readonly issuedAt: number; readonly expiresAt: number };
  /** Rejects all access tokens from now on; refresh tokens stay. */
  readonly revokeAccessTokens: () => void;
  readonly endAll: () => void;
  readonly serve: (request: Request) => Promise<Response>;
}

export const API = 'https://api.example.com';

/** The addresses of the token endpoint and of the revocation. */
export const TOKEN_ENDPOINT = `${API}/oauth`;
export const REVOCATION_ENDPOINT = `${API}/oauth/revoke`;

/** Every token contains this word, so that a leak is found. */
export const SECRET_MARK = 'top-secret';

/** Reads a token: `top-secret.access.ann.3.1`. */
export function factsOf(token: string): TokenFacts {
  const [, kind = '', user = '', sid = '-1', generation = '0'] = token.split('.');
  return { kind, user, sid: Number(sid), generation: Number(generation) };
}

/** Creates the server. `hasDate` adds a `Date` to its answers, as most servers do. */
export function createAuthorizationServer(now: () => number, firstLifetimeMs: number, hasDate: boolean): AuthorizationServer {
  const families: Family[] = [];
  const lives = new Map<string, { readonly issuedAt: number; readonly expiresAt: number }>();
  const revoked = new Set<string>();

  function issue({ user, sid, generation }: Family) {
    const name = `${user}.${sid}.${generation}`;
    const accessToken = `${SECRET_MARK}.access.${name}`;
    lives.set(accessToken, { issuedAt: now(), expiresAt: now() + server.lifetimeMs });
    return { accessToken, refreshToken: `${SECRET_MARK}.refresh.${name}` };
  }

  function answer(status: number, body: unknown, more: Readonly<Record<string, string>> = {}): Response {
    const headers = new Headers({ 'content-type': 'application/json', ...more });
    if (hasDate) headers.set('date', new Date(now()).toUTCString());
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
  }

  function refresh(token: string): Response {
    const { mode, retryAfter } = server;
    if (mode === 'html') return answer(200, '<html>', { 'content-type': 'text/html' });
    if (mode === '500' || mode === '503' || mode === '429') return answer(Number(mode), {}, retryAfter === null ? {} : { 'retry-after': String(retryAfter) });
    const { sid, generation } = factsOf(token);
    const family = families[sid];
    if (family?.endedBy === null && family.generation === generation) {
      family.generation++;
      const { accessToken, refreshToken } = issue(family);
      return answer(200, { access_token: accessToken, refresh_token: refreshToken, expires_in: server.lifetimeMs / 1000, token_type: 'Bearer' });
    }
    if (family) family.endedBy ??= 'reuse';
    return answer(400, { error: 'invalid_grant' });
  }

  function revoke(token: string): Response {
    const family = families[factsOf(token).sid];
    if (family) family.endedBy ??= 'revocation';
    return answer(200, {});
  }

  function call(request: Request): Response {
    const token = (request.headers.get('authorization') ?? '').slice('Bearer '.length);
    const { sid, user } = factsOf(token);
    const isGood = server.lifeOf(token).expiresAt > now() && !revoked.has(token) && families[sid]?.endedBy === null;
    return isGood ? answer(200, { user, sid }) : answer(401, {}, { 'www-authenticate': 'Bearer error="invalid_token"' });
  }

  const server: AuthorizationServer = {
    families,
    lifetimeMs: firstLifetimeMs,
    mode: 'ok',
    retryAfter: null,
    grant(user) {
      const family: Family = { sid: families.length, user, generation: 1, endedBy: null };
      families.push(family);
      return { ...issue(family), expiresAt: now() + server.lifetimeMs, scopes: [] };
    },
    lifeOf: (accessToken) => lives.get(accessToken) ?? { issuedAt: -Infinity, expiresAt: -Infinity },
    revokeAccessTokens() {
      for (const token of lives.keys()) revoked.add(token);
    },
    endAll() {
      for (const family of families) family.endedBy ??= 'server';
    },
    async serve(request) {
      const { pathname } = new URL(request.url);
      if (pathname === '/oauth') return refresh(new URLSearchParams(await request.text()).get('refresh_token') ?? '');
      if (pathname === '/oauth/revoke') return revoke(new URLSearchParams(await request.text()).get('token') ?? '');
      return call(request);
    },
  };
  return server;
}
