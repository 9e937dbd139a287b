import type { AuthEntry, AuthEntryKind, AuthSwitches } from '../support/types.ts';
import { listen } from './http.ts';

/** The tokens of one sign-in. A second use of a refresh token ends all of them. */
interface Family {
  readonly name: string;
  readonly user: string;
  generation: number;
  /** Why it ended; `null` while it lives. */
  end: 'reuse' | 'revoke' | null;
  /** When the current access token expires, epoch ms. It is 0 after it was revoked early. */
  expiresAt: number;
  /** When the current tokens were issued, epoch ms. */
  issuedAt: number;
}

const families = new Map<string, Family>();
const log: AuthEntry[] = [];
const switches: AuthSwitches = { lifetimeMs: 600_000, graceMs: 0, unavailable: false, loseAnswers: 0, latencyMs: 0, slowMs: 0, tokenBytes: 0, apiLatencyMs: 0, refusesRevocation: false };
/** The calls that the API is answering now. */
let calls = 0;

function note(kind: AuthEntryKind, { name, user, generation }: Family, request: Request, isNeedless = false): void {
  log.push({ at: Date.now(), kind, family: name, user, generation, instance: request.headers.get('x-instance') ?? '', isNeedless });
}

/** Issues the tokens of the current generation. Nothing but the padding makes them long. */
function issue(family: Family): Response {
  const { name, user, generation } = family;
  const padding = 'x'.repeat(switches.tokenBytes);
  family.issuedAt = Date.now();
  family.expiresAt = family.issuedAt + switches.lifetimeMs;
  const text = [user, name, generation].join('.');
  return Response.json({ access_token: `a.${text}.${padding}`, refresh_token: `r.${text}.${padding}`, token_type: 'Bearer', expires_in: switches.lifetimeMs / 1000 });
}

/** Returns the family and the generation that a token names. */
function parsed(token: string): { readonly family: Family | undefined; readonly generation: number } {
  const [, , name = '', generation] = token.split('.');
  return { family: families.get(name), generation: Number(generation) };
}

async function signIn(request: Request): Promise<Response> {
  const { user } = (await request.json()) as { readonly user: string };
  const family: Family = { name: `f${families.size + 1}`, user, generation: 1, end: null, expiresAt: 0, issuedAt: 0 };
  families.set(family.name, family);
  note('login', family, request);
  return issue(family);
}

async function refresh(request: Request): Promise<Response | null> {
  const token = new URLSearchParams(await request.text()).get('refresh_token') ?? '';
  await pause(switches.slowMs + switches.latencyMs * Math.random());
  const { family, generation } = parsed(token);
  if (!family) return Response.json({ error: 'invalid_grant' }, { status: 400 });
  if (switches.unavailable) {
    note('unavailable', family, request);
    return new Response('', { status: 503 });
  }
  const answer = granted(family, generation, request);
  await pause(switches.latencyMs * Math.random());
  if (switches.loseAnswers === 0 || answer.status !== 200) return answer;
  switches.loseAnswers--;
  note('lost', family, request);
  return null;
}

function granted(family: Family, generation: number, request: Request): Response {
  const isRepeat = generation === family.generation - 1 && Date.now() - family.issuedAt < switches.graceMs;
  if (family.end === null && isRepeat) {
    note('repeat', family, request);
    return issue(family);
  }
  if (family.end === null && generation === family.generation) {
    note('refresh', family, request, family.expiresAt > Date.now());
    family.generation++;
    return issue(family);
  }
  note(family.end === null ? 'reuse' : 'refused', { ...family, generation }, request);
  family.end ??= 'reuse';
  return Response.json({ error: 'invalid_grant' }, { status: 400 });
}

async function revoke(request: Request): Promise<Response> {
  if (switches.refusesRevocation) return new Response('', { status: 503 });
  const { family } = parsed(new URLSearchParams(await request.text()).get('token') ?? '');
  if (family) note('revoke', family, request);
  if (family) family.end ??= 'revoke';
  return new Response('');
}

/** The API: it checks the token, and answers with the user's name. */
async function answerUser(request: Request): Promise<Response> {
  calls++;
  await pause(switches.apiLatencyMs);
  calls--;
  const { family, generation } = parsed((request.headers.get('authorization') ?? '').slice('Bearer '.length));
  const isGood = family && family.end === null && generation === family.generation && family.expiresAt > Date.now();
  if (!isGood) return new Response('', { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
  return Response.json({ user: family.user, family: family.name, generation });
}

/** Revokes the current access tokens of some families (of all without names), and no refresh token. */
async function revokeEarly(request: Request): Promise<Response> {
  const { names } = (await request.json()) as { readonly names: readonly string[] | null };
  for (const name of names ?? families.keys()) {
    const family = families.get(name);
    if (family) family.expiresAt = 0;
  }
  return Response.json({});
}

async function change(request: Request): Promise<Response> {
  Object.assign(switches, await request.json());
  return Response.json({});
}

/** Resolves when the access tokens of some users have expired. */
async function untilExpired(request: Request): Promise<Response> {
  const { users } = (await request.json()) as { readonly users: readonly string[] };
  const last = Math.max(0, ...[...families.values()].filter(({ user }) => users.includes(user)).map(({ expiresAt }) => expiresAt));
  await pause(last - Date.now());
  return Response.json({});
}

function pause(ms: number): Promise<void> {
  return ms > 0 ? new Promise((resolve) => void setTimeout(resolve, ms)) : Promise.resolve();
}

const routes: Readonly<Record<string, (request: Request) => Promise<Response | null>>> = {
  '/ready': async () => Response.json({}),
  '/login': signIn,
  '/token': refresh,
  '/revoke': revoke,
  '/me': answerUser,
  '/control/switches': change,
  '/control/revoke-early': revokeEarly,
  '/control/until-expired': untilExpired,
  '/control/calls': async () => Response.json(calls),
  '/control/log': async () => Response.json(log),
};

listen(Number(process.argv[2]), async (request) => (await routes[new URL(request.url).pathname]?.(request)) ?? null);
