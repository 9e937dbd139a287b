import { skipToken, type QueryFunctionContext, type QueryKey, type SkipToken } from '@tanstack/react-query';
import type { AuthClient } from '../core/auth-client.ts';
import { sessionFetch, type AuthedContext } from './session-fetch.ts';

/** A query function with TanStack's context and `authedFetch` in it; what it returns is the query's data. */
export type AuthedQueryFn<TData, TKey extends QueryKey = QueryKey, TPageParam = never> = (
  context: QueryFunctionContext<TKey, TPageParam> & AuthedContext,
) => TData | Promise<TData>;

/** TanStack's options with an authed query function. */
export type Authed<TOptions, TQueryFn> = Omit<TOptions, 'queryFn'> & { readonly queryFn: TQueryFn };

/** Makes a query function of TanStack's kind, for whoever is signed in when it is called. */
export function withSession<TContext extends object, TData>(
  client: AuthClient,
  queryFn: (context: TContext & AuthedContext) => TData | Promise<TData>,
): (context: TContext) => Promise<TData> {
  // Assigned, not spread: to read `signal` tells TanStack that the query can be aborted, and that is the app's to say.
  return async (context) => queryFn(Object.assign(context, { authedFetch: await sessionFetch(client) }));
}

/** The `enabled` of a query that is off from the moment its session is over, until its component renders for another. */
export function enabledWithin<TQuery>(client: AuthClient, sessionId: string | null, enabled: boolean | ((query: TQuery) => boolean) = true): (query: TQuery) => boolean {
  return (query) => client.getSnapshot().sessionId === sessionId && (typeof enabled === 'function' ? enabled(query) : enabled);
}

/** As `withSession`, but off while nobody is signed in. */
export function whileSignedIn<TContext extends object, TData>(
  client: AuthClient,
  sessionId: string | null,
  queryFn: ((context: TContext & AuthedContext) => TData | Promise<TData>) | SkipToken,
): ((context: TContext) => Promise<TData>) | SkipToken {
  return sessionId === null || queryFn === skipToken ? skipToken : withSession(client, queryFn);
}
