import type { Context, Hono } from 'hono';
import type { AccessTokens } from './access-tokens.ts';
import type { Bearer } from './bearer.ts';
import type { BonfireFixture } from './bonfire-options.ts';
import type { BonfireSettings } from './bonfire-settings.ts';
import type { Bot } from './bot.ts';
import type { OpenCall } from './call-log.ts';
import type { PostBoard } from './post-board.ts';
import type { SessionRegistry } from './session-registry.ts';

/** The parts that the routes use. */
export interface Backend {
  readonly fixture: BonfireFixture;
  /** Returns the settings that apply now. */
  readonly settings: () => BonfireSettings;
  readonly bots: ReadonlyMap<string, Bot>;
  readonly sessions: SessionRegistry;
  readonly accessTokens: AccessTokens;
  readonly board: PostBoard;
}

/** A request that has arrived: its body, its bearer and its cookies have been read, and its call is in the log. */
export interface Arrival {
  readonly request: Request;
  readonly call: OpenCall;
  readonly bearer: Bearer;
  readonly body: string;
  /** Its cookies, by name. */
  readonly cookies: ReadonlyMap<string, string>;
  /** The `Set-Cookie` headers of its answer. The routes add to them. */
  readonly setCookies: string[];
}

/** The types of what Hono passes to a route. */
export interface RouteEnv {
  Bindings: Arrival;
}

/** Hono's router with those types. */
export type Router = Hono<RouteEnv>;

/** The context of one request in a route. */
export type RouteContext<Path extends string = string> = Context<RouteEnv, Path>;
