import { skipToken, type Query, type QueryFunctionContext, type QueryKey } from '@tanstack/react-query';
import type { AuthClient } from '../core/auth-client.ts';
import type { AuthQuery } from './auth-query-context.ts';
import { cacheSessionOf } from './cache-session.ts';
import { inSession, type AuthedContext } from './session-fetch.ts';

/** A query function that gets `authedFetch` in TanStack's context, and returns the query's data. */
export type AuthedQueryFn<TData, TKey extends QueryKey = QueryKey, TPageParam = never> = (
  context: QueryFunctionContext<TKey, TPageParam> & AuthedContext,
) => TData | Promise<TData>;

/** TanStack's options with another type of `queryFn`. */
export type Authed<TOptions, TQueryFn> = Omit<TOptions, 'queryFn'> & { readonly queryFn: TQueryFn };

/** TanStack's options with another type of `queryFn`, which TanStack's defaults may also provide. Such a function gets no `authedFetch`. */
export type MaybeAuthed<TOptions, TQueryFn> = Omit<TOptions, 'queryFn'> & { readonly queryFn?: TQueryFn };

/** The options of each kind of query, of which these functions read two. */
interface AnyOptions {
  readonly queryKey: QueryKey;
  readonly queryFn?: unknown;
  readonly enabled?: unknown;
}

/**
 * Converts the authed query function of options to one of TanStack's. Each call is for the session at its start.
 *
 * `skipToken` or a missing function stays, so that TanStack treats it as in its own hooks.
 */
export function withSession<TOptions extends object>(client: AuthClient, options: AnyOptions): TOptions {
  const { queryFn } = options;
  if (typeof queryFn !== 'function') return options as object as TOptions;
  // Not spread, because that would read `signal`. Reading it marks the query as abortable, which only the app may decide.
  const authed = (context: object) => inSession(client, (authedFetch): unknown => queryFn(Object.assign(context, { authedFetch })));
  return { ...options, queryFn: authed } as object as TOptions;
}

/** Converts options as {@link withSession} does, and disables the query while no user is signed in. A session that ends disables it before the component renders again. */
export function whileSignedIn<TOptions extends object>({ client, queryClient, session: { sessionId } }: AuthQuery, options: AnyOptions): TOptions {
  if (sessionId === null) return { ...options, queryFn: skipToken } as object as TOptions;
  const { enabled = true }: AnyOptions = { ...queryClient.getDefaultOptions().queries, ...queryClient.getQueryDefaults(options.queryKey), ...options };
  const isEnabled = (query: Query) => isCurrent(client, sessionId) && (typeof enabled !== 'function' || enabled(query));
  // False, or a mistake that TanStack names, stays.
  return withSession(client, { ...options, enabled: enabled === true || typeof enabled === 'function' ? isEnabled : enabled });
}

/** Whether a session can be used. While it is lost, a poll would fill the hold. */
function isCurrent(client: AuthClient, sessionId: string): boolean {
  const session = cacheSessionOf(client);
  return session.status === 'signedIn' && session.sessionId === sessionId;
}
