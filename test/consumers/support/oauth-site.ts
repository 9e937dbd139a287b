import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { decodeClaims } from 'unexpired/core';
import { CLIENT_ID, ISSUER, PATHS, REDIRECT_URI } from '../../servers/support/authorization-server.ts';
import { startOidcProvider } from '../../servers/support/oidc-provider.ts';
import { listen, type Site } from './site.ts';

/** `oidc-provider` and an API that accepts its tokens, over HTTP at one address. */
export interface OAuthSite extends Site {
  /** The status of each answer to a refresh, in order. */
  readonly refreshes: readonly number[];
  /** Every access and refresh token that was ever issued. */
  readonly tokens: ReadonlySet<string>;
  /** Whether the token endpoint answers 503. */
  isDown: boolean;
  /** Revokes all access tokens, and no refresh token. */
  readonly revokeAccessTokens: () => Promise<void>;
  /** Signs a user in as a browser would, and returns what the page of the redirect gets. */
  readonly authorize: (user: string) => Promise<{ readonly code: string; readonly verifier: string }>;
}

/** Starts both. A proxy in front of the provider counts, and ends TLS as far as the provider can see. */
export async function serveOAuth(): Promise<OAuthSite> {
  const provider = await startOidcProvider('jwt');
  const refreshes: number[] = [];
  const tokens = new Set<string>();

  async function forward(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('x-forwarded-proto', 'https');
    headers.set('x-forwarded-host', new URL(ISSUER).host);
    return fetch(provider.origin + path, { ...init, headers, redirect: 'manual' });
  }

  async function token(request: Request): Promise<Response> {
    if (site.isDown) return new Response('', { status: 503, headers: { 'retry-after': '120' } });
    const body = await request.text();
    const answer = await forward(PATHS.token, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    if (body.includes('grant_type=refresh_token')) refreshes.push(answer.status);
    const granted = (await answer.clone().json()) as { access_token?: string; refresh_token?: string };
    for (const value of [granted.access_token, granted.refresh_token]) if (value) tokens.add(value);
    return Response.json(await answer.json(), { status: answer.status });
  }

  async function posts(request: Request): Promise<Response> {
    const authorization = request.headers.get('authorization') ?? '';
    const challenge = await provider.challenge(authorization);
    if (challenge !== null) return new Response('', { status: 401, headers: { 'www-authenticate': challenge } });
    return Response.json([`A post of ${decodeClaims(authorization.slice('Bearer '.length))?.sub}.`]);
  }

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === PATHS.token) return token(request);
    if (pathname === PATHS.revocation) return forward(PATHS.revocation, { method: 'POST', body: await request.text(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    return posts(request);
  }

  const listening = await listen(createAdaptorServer({ fetch: answer }) as Server); // The options ask for an HTTP/1 server.
  const site: OAuthSite = {
    origin: listening.origin,
    refreshes,
    tokens,
    isDown: false,
    revokeAccessTokens: provider.revokeAccessTokens,
    authorize: (user) => authorize(user, forward),
    close: async () => void (await Promise.all([listening.close(), provider.close()])),
  };
  return site;
}

/** Follows the redirects from the provider's page to the app, cookies included. */
async function authorize(user: string, send: (path: string, init: RequestInit) => Promise<Response>): Promise<{ code: string; verifier: string }> {
  const verifier = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
  const challenge = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))).toString('base64url');
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
  const query = new URLSearchParams({ ...pkce, client_id: CLIENT_ID, redirect_uri: REDIRECT_URI, response_type: 'code', scope: 'openid offline_access', prompt: 'consent', login_hint: user });
  const cookies = new Map<string, string>();
  for (let at = new URL(`${ISSUER}${PATHS.authorization}?${query}`); ; ) {
    const answer = await send(at.pathname + at.search, { headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } });
    for (const cookie of answer.headers.getSetCookie()) cookies.set(...(cookie.split(';')[0]!.split('=', 2) as [string, string]));
    const to = answer.headers.get('location');
    if (to === null) throw new Error(`The provider answered HTTP ${answer.status}: ${await answer.text()}`);
    at = new URL(to, at);
    const code = at.href.startsWith(REDIRECT_URI) ? at.searchParams.get('code') : null;
    if (code !== null) return { code, verifier };
  }
}
