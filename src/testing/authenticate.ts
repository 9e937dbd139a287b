import type { Backend, RouteContext } from './backend.ts';
import { requireToken } from './bearer.ts';
import type { Bot } from './bot.ts';

/** Returns the bot whose access token a request carries; throws error 400, 420 or 450 if the request has no valid token of a bot. */
export function authenticate(context: RouteContext, { accessTokens, fixture }: Backend): Bot {
  return accessTokens.verify(requireToken(context.env.bearer), fixture.now()).bot;
}

/** Checks that a request carries the App Key or a valid access token; throws error 400 or 450 if not. */
export function admit(context: RouteContext, backend: Backend): void {
  if (context.env.bearer.kind !== 'app') authenticate(context, backend);
}
