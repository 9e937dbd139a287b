import { isServer, useSuspenseQuery, type DefaultError, type QueryKey, type UseSuspenseQueryOptions, type UseSuspenseQueryResult } from '@tanstack/react-query';
import { useAuthQuery, type AuthQuery } from './auth-query-context.ts';
import { withSession, type Authed, type AuthedQueryFn } from './authed-query-fn.ts';
import { signedOut } from '../core/model/auth-error.ts';

/** `useSuspenseQuery`'s options, where `queryFn` gets `authedFetch` in its context. */
export type UseAuthedSuspenseQueryOptions<TQueryFnData, TError = DefaultError, TData = TQueryFnData, TKey extends QueryKey = QueryKey> = Authed<
  UseSuspenseQueryOptions<TQueryFnData, TError, TData, TKey>,
  AuthedQueryFn<TQueryFnData, TKey>
>;

/**
 * `useSuspenseQuery` for whoever is signed in: suspends until that is known, too.
 *
 * @param options `useSuspenseQuery`'s, where `queryFn` gets `authedFetch` in its context
 * @throws AuthError `signed_out` to the error boundary while nobody is signed in, and on a server to the `Suspense` around it;
 * `invalid_config` outside an `AuthQueryProvider`
 */
export function useAuthedSuspenseQuery<TQueryFnData, TError = DefaultError, TData = TQueryFnData, TKey extends QueryKey = QueryKey>(
  options: UseAuthedSuspenseQueryOptions<TQueryFnData, TError, TData, TKey>,
): UseSuspenseQueryResult<TData, TError> {
  const { client, queryClient } = useSignedIn();
  return useSuspenseQuery<TQueryFnData, TError, TData, TKey>({ ...options, queryFn: withSession(client, options.queryFn) }, queryClient);
}

function useSignedIn(): AuthQuery {
  const found = useAuthQuery();
  const { client, session } = found;
  if (session.sessionId !== null) return found;
  // A server knows of nobody: React then leaves the place to the browser.
  if (session.status === 'loading' && !isServer) throw client.ready();
  throw signedOut(client.getSnapshot().endReason);
}
