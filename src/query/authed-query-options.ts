import type { DataTag, DefaultError, QueryFunction, QueryKey, UseQueryOptions } from '@tanstack/react-query';
import type { AuthClient } from '../core/auth-client.ts';
import { withSession, type Authed, type AuthedQueryFn } from './authed-query-fn.ts';

/** Options for `ensureQueryData`, `prefetchQuery` and every hook of TanStack and of this package. */
export type AuthedQueryOptionsResult<TQueryFnData, TError, TData, TKey extends QueryKey> = Authed<
  UseQueryOptions<TQueryFnData, TError, TData, TKey>,
  QueryFunction<TQueryFnData, TKey>
> & { readonly queryKey: DataTag<TKey, TQueryFnData, TError> };

/**
 * Creates the options of a query, for loaders, for prefetching, and for the hooks that show the data.
 *
 * The query waits until it is known whether a user is signed in. If no user is, it sends nothing and rejects with
 * `signed_out`, which a loader can answer with a redirect.
 *
 * @param client the client that sends the requests
 * @param options TanStack's options, whose `queryFn` gets `authedFetch` in its context
 * @throws AuthError `signed_out` or `disposed` from the query, and those of `client.fetch`
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
  return withSession(client, options);
}
