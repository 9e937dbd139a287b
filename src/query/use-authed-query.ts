import {
  useQuery,
  type DefaultError,
  type DefinedUseQueryResult,
  type QueryKey,
  type SkipToken,
  type UseQueryOptions,
  type UseQueryResult,
} from '@tanstack/react-query';
import { useAuthQuery } from './auth-query-context.ts';
import { whileSignedIn, type AuthedQueryFn, type MaybeAuthed } from './authed-query-fn.ts';

/** The options of `useQuery`, whose `queryFn` gets `authedFetch` in its context. */
export type UseAuthedQueryOptions<TQueryFnData, TError = DefaultError, TData = TQueryFnData, TKey extends QueryKey = QueryKey> = MaybeAuthed<
  UseQueryOptions<TQueryFnData, TError, TData, TKey>,
  AuthedQueryFn<TQueryFnData, TKey> | SkipToken
>;

/** Options with `initialData`, so that the result always has data. */
export interface WithInitialData<TQueryFnData> {
  readonly initialData: TQueryFnData | (() => TQueryFnData);
}

/**
 * Fetches data for the signed-in user, as `useQuery` does. It is disabled while no user is signed in.
 *
 * @param options those of `useQuery`; `queryFn` gets `authedFetch` in its context
 * @returns the result of `useQuery`, without the data of a former user
 * @throws AuthError `invalid_config` outside an `AuthQueryProvider`
 * @example
 * ```tsx
 * import { useAuthedQuery } from 'unexpired/query';
 * function Feed() {
 *   const posts = useAuthedQuery({
 *     queryKey: ['posts'],
 *     queryFn: async ({ authedFetch, signal }): Promise<string[]> => (await authedFetch('/posts', { signal })).json(),
 *   });
 *   return <p>{posts.data?.join(', ')}</p>;
 * }
 * ```
 */
export function useAuthedQuery<TQueryFnData, TError = DefaultError, TData = TQueryFnData, TKey extends QueryKey = QueryKey>(
  options: UseAuthedQueryOptions<TQueryFnData, TError, TData, TKey> & WithInitialData<TQueryFnData>,
): DefinedUseQueryResult<TData, TError>;
export function useAuthedQuery<TQueryFnData, TError = DefaultError, TData = TQueryFnData, TKey extends QueryKey = QueryKey>(
  options: UseAuthedQueryOptions<TQueryFnData, TError, TData, TKey>,
): UseQueryResult<TData, TError>;
export function useAuthedQuery<TQueryFnData, TError, TData, TKey extends QueryKey>(
  options: UseAuthedQueryOptions<TQueryFnData, TError, TData, TKey>,
): UseQueryResult<TData, TError> {
  const found = useAuthQuery();
  return useQuery(whileSignedIn<UseQueryOptions<TQueryFnData, TError, TData, TKey>>(found, options), found.queryClient);
}
