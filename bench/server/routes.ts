import { setTimeout as wait } from 'node:timers/promises';
import { answerSignIn } from './door.ts';
import type { TokenAnswer } from './family.ts';
import { REFRESH_MS, type World } from './world.ts';

/** A request to a world, below its path. */
export interface ApiRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string;
  readonly body: string;
}

/** The answer to a request. */
export interface ApiResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const REJECTED: ApiResponse = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' }, body: { error: { code: 450 } } };
const OTHER_401: ApiResponse = { status: 401, headers: { 'www-authenticate': 'Bearer' }, body: { error: { code: 730 } } };

/** Answers a request to a world's data or to its token endpoint, in the formats of all peers. Resolves to `null` if the connection breaks instead. */
export async function answer(world: World, request: ApiRequest): Promise<ApiResponse | null> {
  if (Date.now() < world.faults.unreachableUntil) return null;
  if (request.path.startsWith('/items/') || request.path === '/other-401') return answerCall(world, request);
  if (request.path === '/graphql') return answerQuery(world, request);
  const signIn = answerSignIn(world, request);
  if (signIn) return signIn;
  switch (request.path) {
    case '/oauth/token':
      return answerTokenRequest(world, request);
    case '/auth/v1/token': // Supabase
      return refresh(world, read(request, 'refresh_token'), (tokens) => ({ body: { ...tokens, expires_at: expiresAtS(tokens), user: USER } }));
    case '/auth/v1/user':
      return { status: 200, body: USER };
    case '/user_management/authenticate': // WorkOS
      return refresh(world, read(request, 'refresh_token'), (tokens) => ({ body: { ...tokens, user: USER, authentication_method: 'Password' } }));
    case '/auth/sign-in': // SuperTokens
      return supertokens(world.signIn());
    case '/auth/session/refresh':
      return refresh(world, bearer(request), supertokens, 401);
    default:
      return { status: 404 };
  }
}

const USER = { id: 'camper', aud: 'authenticated', app_metadata: {}, user_metadata: {}, created_at: '2026-01-01T00:00:00Z' };

async function answerCall(world: World, request: ApiRequest): Promise<ApiResponse> {
  world.tally.sends += 1;
  await wait(world.latencyMs());
  if (!world.family.accepts(bearer(request))) {
    world.tally.rejected += 1;
    return REJECTED;
  }
  if (request.path === '/other-401') return OTHER_401;
  world.tally.answered += 1;
  return { status: 200, body: { path: request.path } };
}

/** Answers a GraphQL query like a call to the path in its variables. */
async function answerQuery(world: World, request: ApiRequest): Promise<ApiResponse> {
  const { variables } = JSON.parse(request.body) as { variables: { path: string } };
  const answered = await answerCall(world, { ...request, path: variables.path });
  return answered.status === 200 ? { status: 200, body: { data: { item: answered.body } } } : answered;
}

function answerTokenRequest(world: World, request: ApiRequest): Promise<ApiResponse> | ApiResponse {
  if (read(request, 'grant_type') === 'refresh_token') return refresh(world, read(request, 'refresh_token'), (tokens) => ({ body: forScope(tokens, read(request, 'scope')) }));
  return { status: 200, body: world.signIn() };
}

/** Grants the scope of the request. Without `openid` in it, there is no ID token. */
function forScope(tokens: TokenAnswer, scope: string): Partial<TokenAnswer> {
  if (scope === '') return tokens;
  const { id_token, ...others } = tokens;
  return { ...others, scope, ...(scope.split(' ').includes('openid') ? { id_token } : {}) };
}

async function refresh(world: World, refreshToken: string, format: (tokens: TokenAnswer) => Omit<ApiResponse, 'status'>, refusal = 400): Promise<ApiResponse> {
  const { faults, tally, family } = world;
  tally.refreshes += 1;
  if (faults.refuse > 0 || Date.now() < faults.refusesUntil) {
    faults.refuse = Math.max(0, faults.refuse - 1);
    return { status: 503, body: { error: 'temporarily_unavailable' } };
  }
  const tokens = family.rotate(refreshToken);
  const { hangMs } = faults;
  faults.hangMs = 0;
  await wait(REFRESH_MS + hangMs);
  return tokens ? { status: 200, ...format(tokens) } : { status: refusal, body: { error: 'invalid_grant', error_code: 'refresh_token_already_used' } };
}

function supertokens(tokens: TokenAnswer): ApiResponse {
  const front = { uid: 'camper', ate: expiresAtS(tokens) * 1000, up: {} };
  const headers = { 'st-access-token': tokens.access_token, 'st-refresh-token': tokens.refresh_token, 'front-token': Buffer.from(JSON.stringify(front)).toString('base64') };
  return { status: 200, headers, body: { status: 'OK' } };
}

function expiresAtS({ expires_in }: TokenAnswer): number {
  return Math.floor(Date.now() / 1000) + expires_in;
}

function bearer({ authorization }: ApiRequest): string {
  return authorization.replace(/^Bearer /i, '');
}

/** Reads a field of a body that is a form or JSON, or of the query. */
function read({ body, query }: ApiRequest, field: string): string {
  const value = body.startsWith('{') ? (JSON.parse(body) as Record<string, unknown>)[field] : new URLSearchParams(body).get(field);
  return typeof value === 'string' ? value : (query.get(field) ?? '');
}
