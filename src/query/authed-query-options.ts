import type { DataTag, DefaultError, QueryFunction, QueryKey, UseQueryOptions } from '@tanstack/react-query';
import type { AuthClient } from '../core/auth-client.ts';
import { withSession, type Authed, type AuthedQueryFn } from './authed-query-fn.ts';

/** TanStack's options, ready for `ensureQueryData`, `prefetchQuery` and every hook. */
export type AuthedQueryOptionsResult<TQueryFnData, TError, TData, TKey extends QueryKey> = Authed<
  UseQueryOptions<TQueryFnData, TError, TData, TKey>,
  QueryFunction<TQueryFnData, TKey>
> & { readonly queryKey: DataTag<TKey, TQueryFnData, TError> };

/**
 * Options of a query for loaders and prefetching, and for the hooks of the components that show it.
 *
 * @param client whose session it is
 * @param options TanStack's, where `queryFn` gets `authedFetch` in its context
 * @returns options whose `queryFn` waits until the session is known and, while nobody is signed in, sends nothing and
 * rejects with an AuthError `signed_out`, which a loader can answer by a redirect
 * @example
 * ```ts
 * import { QueryClient } from '@tanstack/react-query';
 * import { createAuthClient } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * import { authedQueryOptions } from 'unexpired/query';
 * const auth = createAuthClient({ protocol: bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' }) });
 * const queryClient = new QueryClient();
 * const posts = authedQueryOptions(auth, {
 *   queryKey: ['posts'],
 *   queryFn: async ({ authedFetch, signal }): Promise<string[]> => (await authedFetch('/posts', { signal })).json(),
 * });
 * const loader = () => queryClient.ensureQueryData(posts);
 * ```
 */
export function authedQueryOptions<TQueryFnData, TError = DefaultError, TData = TQueryFnData, const TKey extends QueryKey = QueryKey>(
  client: AuthClient,
  options: Authed<UseQueryOptions<TQueryFnData, TError, TData, TKey>, AuthedQueryFn<TQueryFnData, TKey>>,
): AuthedQueryOptionsResult<TQueryFnData, TError, TData, TKey> {
  return { ...options, queryFn: withSession(client, options.queryFn) } as AuthedQueryOptionsResult<TQueryFnData, TError, TData, TKey>;
}
