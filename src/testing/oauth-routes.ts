import { ApiError, badParameter } from './api-error.ts';
import type { Backend, RouteContext, Router } from './backend.ts';
import { requireApp } from './bearer.ts';
import { pathOf } from './endpoint.ts';
import { listField, readFields, textField, type RequestFields } from './request-fields.ts';

/** Adds the endpoints that issue tokens. */
export function addOAuthRoutes(router: Router, backend: Backend): void {
  router.post(pathOf('create'), async (context) => {
    const fields = grantFields(context, 'client_credentials');
    return context.json({ data: { tokens: await createSessions(backend, listField(fields, 'bots')) } });
  });

  router.post(pathOf('refresh'), async (context) => {
    const refreshToken = textField(grantFields(context, 'refresh_token'), 'refresh_token');
    const attributes = await backend.sessions.refresh(refreshToken, backend.fixture.now());
    const id = backend.sessions.find(refreshToken)?.id;
    return context.json({ data: { id, type: 'access_token', attributes } });
  });
}

function grantFields(context: RouteContext, grantType: string): RequestFields {
  requireApp(context.env.bearer);
  const fields = readFields(context.req.header('Content-Type') ?? null, context.env.body);
  if (fields['grant_type'] !== grantType) throw badParameter('grant_type', `must be ${grantType}`);
  return fields;
}

async function createSessions({ bots, sessions, fixture }: Backend, botIds: readonly string[]) {
  const chosen = [...new Set(botIds)].map((id) => {
    const bot = bots.get(id);
    if (!bot) throw new ApiError(702, { params: [id] });
    return bot;
  });
  const now = fixture.now();
  return Object.fromEntries(await Promise.all(chosen.map(async (bot) => [bot.id, await sessions.create(bot, now)] as const)));
}
