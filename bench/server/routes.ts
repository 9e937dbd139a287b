import { setTimeout as wait } from 'node:timers/promises';
import type { TokenAnswer } from './family.ts';
import { REFRESH_MS, type World } from './world.ts';

/** A request for a world, below its path. */
export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string;
  readonly body: string;
}

/** What it is answered; `null` when the connection breaks instead. */
export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const REJECTED: Answered = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' }, body: { error: { code: 450 } } };
const OTHER_401: Answered = { status: 401, headers: { 'www-authenticate': 'Bearer' }, body: { error: { code: 730 } } };

/** Answers for a world: its data, and its token endpoint in the spellings that the peers speak. */
export async function answer(world: World, asked: Asked): Promise<Answered | null> {
  if (Date.now() < world.faults.unreachableUntil) return null;
  if (asked.path.startsWith('/items/') || asked.path === '/other-401') return answerCall(world, asked);
  switch (asked.path) {
    case '/oauth/token':
      return answerTokenRequest(world, asked);
    case '/auth/v1/token': // Supabase
      return refresh(world, read(asked, 'refresh_token'), (tokens) => ({ body: { ...tokens, expires_at: expiresAtS(tokens), user: USER } }));
    case '/auth/v1/user':
      return { status: 200, body: USER };
    case '/auth/sign-in': // SuperTokens
      return supertokens(world.signIn());
    case '/auth/session/refresh':
      return refresh(world, bearer(asked), supertokens, 401);
    default:
      return { status: 404 };
  }
}

const USER = { id: 'camper', aud: 'authenticated', app_metadata: {}, user_metadata: {}, created_at: '2026-01-01T00:00:00Z' };

async function answerCall(world: World, asked: Asked): Promise<Answered> {
  world.tally.sends += 1;
  await wait(world.latencyMs());
  if (!world.family.accepts(bearer(asked))) {
    world.tally.rejected += 1;
    return REJECTED;
  }
  if (asked.path === '/other-401') return OTHER_401;
  world.tally.answered += 1;
  return { status: 200, body: { path: asked.path } };
}

function answerTokenRequest(world: World, asked: Asked): Promise<Answered> | Answered {
  if (read(asked, 'grant_type') === 'refresh_token') return refresh(world, read(asked, 'refresh_token'), (tokens) => ({ body: tokens }));
  return { status: 200, body: world.signIn() };
}

async function refresh(world: World, refreshToken: string, told: (tokens: TokenAnswer) => Omit<Answered, 'status'>, refusal = 400): Promise<Answered> {
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
  return tokens ? { status: 200, ...told(tokens) } : { status: refusal, body: { error: 'invalid_grant', error_code: 'refresh_token_already_used' } };
}

function supertokens(tokens: TokenAnswer): Answered {
  const front = { uid: 'camper', ate: expiresAtS(tokens) * 1000, up: {} };
  const headers = { 'st-access-token': tokens.access_token, 'st-refresh-token': tokens.refresh_token, 'front-token': Buffer.from(JSON.stringify(front)).toString('base64') };
  return { status: 200, headers, body: { status: 'OK' } };
}

function expiresAtS({ expires_in }: TokenAnswer): number {
  return Math.floor(Date.now() / 1000) + expires_in;
}

function bearer({ authorization }: Asked): string {
  return authorization.replace(/^Bearer /i, '');
}

/** A field of a body, whether form or JSON. */
function read({ body, query }: Asked, field: string): string {
  const value = body.startsWith('{') ? (JSON.parse(body) as Record<string, unknown>)[field] : new URLSearchParams(body).get(field);
  return typeof value === 'string' ? value : (query.get(field) ?? '');
}
