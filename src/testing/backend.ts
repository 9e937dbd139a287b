import type { Context, Hono } from 'hono';
import type { AccessTokens } from './access-tokens.ts';
import type { Bearer } from './bearer.ts';
import type { BonfireFixture } from './bonfire-options.ts';
import type { Bot } from './bot.ts';
import type { OpenCall } from './call-log.ts';
import type { PostBoard } from './post-board.ts';
import type { SessionRegistry } from './session-registry.ts';

/** What the routes work with. */
export interface Backend {
  readonly fixture: BonfireFixture;
  readonly bots: ReadonlyMap<string, Bot>;
  readonly sessions: SessionRegistry;
  readonly accessTokens: AccessTokens;
  readonly board: PostBoard;
}

/** A request that has arrived: read to its end, logged, and its bearer known. */
export interface Arrival {
  readonly request: Request;
  readonly call: OpenCall;
  readonly bearer: Bearer;
  readonly body: string;
}

/** What Hono hands to a route. */
export interface RouteEnv {
  Bindings: Arrival;
}

/** The router. */
export type Router = Hono<RouteEnv>;

/** One request in a route. */
export type RouteContext<Path extends string = string> = Context<RouteEnv, Path>;
