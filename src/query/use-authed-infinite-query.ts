import {
  useInfiniteQuery,
  type DefaultError,
  type InfiniteData,
  type QueryKey,
  type SkipToken,
  type UseInfiniteQueryOptions,
  type UseInfiniteQueryResult,
} from '@tanstack/react-query';
import { useAuthQuery } from './auth-query-context.ts';
import { whileSignedIn, type AuthedQueryFn, type MaybeAuthed } from './authed-query-fn.ts';

/** The options of `useInfiniteQuery`, whose `queryFn` gets `authedFetch` in its context. */
export type UseAuthedInfiniteQueryOptions<
  TQueryFnData,
  TError = DefaultError,
  TData = InfiniteData<TQueryFnData>,
  TKey extends QueryKey = QueryKey,
  TPageParam = unknown,
> = MaybeAuthed<UseInfiniteQueryOptions<TQueryFnData, TError, TData, TKey, TPageParam>, AuthedQueryFn<TQueryFnData, TKey, TPageParam> | SkipToken>;

/**
 * Fetches page after page for the signed-in user, as `useInfiniteQuery` does. It is disabled while no user is signed in.
 *
 * @param options those of `useInfiniteQuery`; `queryFn` gets `authedFetch` in its context
 * @returns the result of `useInfiniteQuery`, without the data of a former user
 * @throws AuthError `invalid_config` outside an `AuthQueryProvider`
 * @example
 * ```tsx
 * import { useAuthedInfiniteQuery } from 'unexpired/query';
 * function Feed() {
 *   const posts = useAuthedInfiniteQuery({
 *     queryKey: ['posts'],
 *     queryFn: async ({ authedFetch, pageParam }): Promise<string[]> => (await authedFetch(`/posts?page=${pageParam}`)).json(),
 *     initialPageParam: 1,
 *     getNextPageParam: (last, pages) => (last.length > 0 ? pages.length + 1 : null),
 *   });
 *   return <button onClick={() => void posts.fetchNextPage()}>{posts.data?.pages.flat().length ?? 0} posts</button>;
 * }
 * ```
 */
export function useAuthedInfiniteQuery<
  TQueryFnData,
  TError = DefaultError,
  TData = InfiniteData<TQueryFnData>,
  TKey extends QueryKey = QueryKey,
  TPageParam = unknown,
>(options: UseAuthedInfiniteQueryOptions<TQueryFnData, TError, TData, TKey, TPageParam>): UseInfiniteQueryResult<TData, TError> {
  const found = useAuthQuery();
  return useInfiniteQuery(whileSignedIn<UseInfiniteQueryOptions<TQueryFnData, TError, TData, TKey, TPageParam>>(found, options), found.queryClient);
}
