import { randomBytes } from 'node:crypto';
import type { ApiRequest, ApiResponse } from './routes.ts';
import type { World } from './world.ts';

/** The authorization requests of a world whose codes were not redeemed yet: the nonce of each code. */
export type Codes = Map<string, string>;

/** Answers what a sign-in by redirect asks, with a user who is logged in at the server. Returns `null` for other requests. */
export function answerSignIn(world: World, { path, query, body }: ApiRequest): ApiResponse | null {
  const form = new URLSearchParams(body);
  if (path === '/.well-known/openid-configuration') return { status: 200, body: metadataOf(world) };
  if (path === '/jwks') return { status: 200, body: { keys: [] } };
  if (path === '/authorize') return { status: 302, headers: { location: redirectOf(world, query) } };
  if (path !== '/oauth/token' || form.get('grant_type') !== 'authorization_code') return null;
  const nonce = world.codes.get(form.get('code') ?? '');
  world.codes.delete(form.get('code') ?? '');
  return nonce === undefined ? { status: 400, body: { error: 'invalid_grant' } } : { status: 200, body: world.signIn(nonce) };
}

function metadataOf({ rules: { issuer } }: World): Readonly<Record<string, unknown>> {
  return {
    issuer,
    authorization_endpoint: `${issuer}authorize`,
    token_endpoint: `${issuer}oauth/token`,
    jwks_uri: `${issuer}jwks`,
    end_session_endpoint: `${issuer}end`,
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
  };
}

function redirectOf({ codes }: World, query: URLSearchParams): string {
  const code = randomBytes(16).toString('base64url');
  codes.set(code, query.get('nonce') ?? '');
  const to = new URL(query.get('redirect_uri') ?? '');
  const answer = new URLSearchParams({ code, state: query.get('state') ?? '' });
  if (query.get('response_mode') === 'fragment') to.hash = answer.toString();
  else for (const [name, value] of answer) to.searchParams.set(name, value);
  return to.href;
}
