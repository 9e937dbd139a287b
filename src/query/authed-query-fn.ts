import { skipToken, type QueryFunctionContext, type QueryKey, type SkipToken } from '@tanstack/react-query';
import type { AuthClient } from '../core/auth-client.ts';
import { sessionFetch, type AuthedContext } from './session-fetch.ts';

/** A query function that gets `authedFetch` in TanStack's context, and returns the query's data. */
export type AuthedQueryFn<TData, TKey extends QueryKey = QueryKey, TPageParam = never> = (
  context: QueryFunctionContext<TKey, TPageParam> & AuthedContext,
) => TData | Promise<TData>;

/** TanStack's options with another type of `queryFn`. */
export type Authed<TOptions, TQueryFn> = Omit<TOptions, 'queryFn'> & { readonly queryFn: TQueryFn };

/** Converts an authed query function to one of TanStack's. Each call is for the session at its start. */
export function withSession<TContext extends object, TData>(
  client: AuthClient,
  queryFn: (context: TContext & AuthedContext) => TData | Promise<TData>,
): (context: TContext) => Promise<TData> {
  // Not spread, because that would read `signal`. Reading it marks the query as abortable, which only the app may decide.
  return async (context) => queryFn(Object.assign(context, { authedFetch: await sessionFetch(client) }));
}

/** Returns an `enabled` that is false as soon as the session ends, even before the component renders again. */
export function enabledWithin<TQuery>(client: AuthClient, sessionId: string | null, enabled: boolean | ((query: TQuery) => boolean) = true): (query: TQuery) => boolean {
  return (query) => client.getSnapshot().sessionId === sessionId && (typeof enabled === 'function' ? enabled(query) : enabled);
}

/** Does the same as `withSession`, and skips the query while no user is signed in. */
export function whileSignedIn<TContext extends object, TData>(
  client: AuthClient,
  sessionId: string | null,
  queryFn: ((context: TContext & AuthedContext) => TData | Promise<TData>) | SkipToken,
): ((context: TContext) => Promise<TData>) | SkipToken {
  return sessionId === null || queryFn === skipToken ? skipToken : withSession(client, queryFn);
}
