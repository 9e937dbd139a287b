import { ApiError, badParameter } from './api-error.ts';
import type { Backend, RouteContext, Router } from './backend.ts';
import { requireApp } from './bearer.ts';
import { pathOf } from './endpoint.ts';
import { listField, readFields, textField, type RequestFields } from './request-fields.ts';
import { checkCsrf, clearSessionCookies, cookieToken, setSessionCookies } from './session-cookies.ts';
import type { WireTokens } from './wire-tokens.ts';

/** Adds the endpoints that issue tokens. */
export function addOAuthRoutes(router: Router, backend: Backend): void {
  router.post(pathOf('create'), async (context) => {
    const fields = grantFields(context, backend, 'client_credentials');
    const tokens = await createSessions(backend, listField(fields, 'bots'));
    const shown = Object.entries(tokens).map(([botId, own]) => [botId, ownOrInCookie(context, backend, own)] as const);
    return context.json({ data: { tokens: Object.fromEntries(shown) } });
  });

  router.post(pathOf('refresh'), async (context) => {
    const fields = grantFields(context, backend, 'refresh_token');
    const refreshToken = sentToken(context, backend, fields);
    if (refreshToken === null) return context.body(null, 204);
    const tokens = await refreshed(context, backend, refreshToken);
    const id = backend.sessions.find(refreshToken)?.id;
    return context.json({ data: { id, type: 'access_token', attributes: ownOrInCookie(context, backend, tokens, refreshToken) } });
  });

  router.post(pathOf('signOut'), (context) => {
    if (!usesCookies(backend)) throw new ApiError(700);
    requireApp(context.env.bearer);
    checkCsrf(context.env, backend);
    const refreshToken = cookieToken(context.env.cookies, backend) ?? readFields(context.req.header('Content-Type') ?? null, context.env.body)['refresh_token'];
    if (typeof refreshToken === 'string') backend.sessions.end({ refreshToken }, 451);
    clearSessionCookies(context.env, backend);
    return context.body(null, 204);
  });
}

function usesCookies({ settings }: Backend): boolean {
  return settings().refreshToken === 'cookie';
}

function grantFields(context: RouteContext, backend: Backend, grantType: string): RequestFields {
  requireApp(context.env.bearer);
  checkCsrf(context.env, backend);
  const fields = readFields(context.req.header('Content-Type') ?? null, context.env.body);
  if (fields['grant_type'] !== grantType) throw badParameter('grant_type', `must be ${grantType}`);
  return fields;
}

/** Returns the refresh token of a request, from its body or its cookie; `null` if the answer has to say that there is none. */
function sentToken({ env }: RouteContext, backend: Backend, fields: RequestFields): string | null {
  if (fields['refresh_token'] || !usesCookies(backend)) return textField(fields, 'refresh_token');
  const token = cookieToken(env.cookies, backend);
  if (token === null && backend.settings().cookie.withoutCookie === 'refuse') throw new ApiError(451, { status: 401 });
  return token;
}

/** Refreshes a session. If it has ended, the answer removes its cookies. */
async function refreshed({ env }: RouteContext, backend: Backend, refreshToken: string): Promise<WireTokens> {
  try {
    return await backend.sessions.refresh(refreshToken, backend.fixture.now());
  } catch (error) {
    const session = backend.sessions.find(refreshToken);
    if (usesCookies(backend) && session?.endCode !== null) clearSessionCookies(env, backend);
    throw error;
  }
}

/**
 * Returns the tokens that an answer shows. In cookie mode it moves the refresh token to the cookie.
 *
 * @param sent the refresh token of the request, which goes on if there is no new one
 */
function ownOrInCookie({ env }: RouteContext, backend: Backend, tokens: WireTokens, sent?: string): WireTokens {
  if (!usesCookies(backend)) return tokens;
  const { refresh_token = sent, ...shown } = tokens;
  if (refresh_token !== undefined) setSessionCookies(env, refresh_token, backend);
  return shown;
}

async function createSessions({ bots, sessions, fixture, settings }: Backend, botIds: readonly string[]) {
  const chosen = [...new Set(botIds)].map((id) => {
    const bot = bots.get(id);
    if (!bot) throw new ApiError(702, { params: [id] });
    return bot;
  });
  if (settings().refreshToken === 'cookie' && chosen.length > 1) throw badParameter('bots', 'must be one bot, because a browser has one cookie');
  const now = fixture.now();
  return Object.fromEntries(await Promise.all(chosen.map(async (bot) => [bot.id, await sessions.create(bot, now)] as const)));
}
