import type { Backend, RouteContext } from './backend.ts';
import { requireToken } from './bearer.ts';
import type { Bot } from './bot.ts';

/** The bot whose access token a request carries; throws error 400, 420 or 450 when there is none. */
export function authenticate(context: RouteContext, { accessTokens, fixture }: Backend): Bot {
  return accessTokens.verify(requireToken(context.env.bearer), fixture.now()).bot;
}

/** Lets the application as well as bots in; throws error 400 or 450 for anybody else. */
export function admit(context: RouteContext, backend: Backend): void {
  if (context.env.bearer.kind !== 'app') authenticate(context, backend);
}
