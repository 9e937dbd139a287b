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
import { enabledWithin, whileSignedIn, type Authed, type AuthedQueryFn } from './authed-query-fn.ts';

/** `useInfiniteQuery`'s options, where `queryFn` gets `authedFetch` in its context. */
export type UseAuthedInfiniteQueryOptions<
  TQueryFnData,
  TError = DefaultError,
  TData = InfiniteData<TQueryFnData>,
  TKey extends QueryKey = QueryKey,
  TPageParam = unknown,
> = Authed<UseInfiniteQueryOptions<TQueryFnData, TError, TData, TKey, TPageParam>, AuthedQueryFn<TQueryFnData, TKey, TPageParam> | SkipToken>;

/**
 * `useInfiniteQuery` for whoever is signed in, as {@link useAuthedQuery}.
 *
 * @param options `useInfiniteQuery`'s, where `queryFn` gets `authedFetch` in its context
 * @throws AuthError `invalid_config` outside an `AuthQueryProvider`
 */
export function useAuthedInfiniteQuery<
  TQueryFnData,
  TError = DefaultError,
  TData = InfiniteData<TQueryFnData>,
  TKey extends QueryKey = QueryKey,
  TPageParam = unknown,
>(options: UseAuthedInfiniteQueryOptions<TQueryFnData, TError, TData, TKey, TPageParam>): UseInfiniteQueryResult<TData, TError> {
  const { client, queryClient, session } = useAuthQuery();
  const queryFn = whileSignedIn(client, session.sessionId, options.queryFn);
  const enabled = enabledWithin(client, session.sessionId, options.enabled);
  return useInfiniteQuery<TQueryFnData, TError, TData, TKey, TPageParam>({ ...options, queryFn, enabled }, queryClient);
}
