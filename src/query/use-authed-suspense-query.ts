import { isServer, useSuspenseQuery, type DefaultError, type QueryKey, type UseSuspenseQueryOptions, type UseSuspenseQueryResult } from '@tanstack/react-query';
import { useAuthQuery, type AuthQuery } from './auth-query-context.ts';
import { withSession, type AuthedQueryFn, type MaybeAuthed } from './authed-query-fn.ts';
import { signedOut } from '../core/model/auth-error.ts';

/** The options of `useSuspenseQuery`, whose `queryFn` gets `authedFetch` in its context. */
export type UseAuthedSuspenseQueryOptions<TQueryFnData, TError = DefaultError, TData = TQueryFnData, TKey extends QueryKey = QueryKey> = MaybeAuthed<
  UseSuspenseQueryOptions<TQueryFnData, TError, TData, TKey>,
  AuthedQueryFn<TQueryFnData, TKey>
>;

/**
 * Fetches data for the signed-in user, as `useSuspenseQuery` does. It also suspends while the session is loading.
 *
 * @param options those of `useSuspenseQuery`; `queryFn` gets `authedFetch` in its context
 * @returns the result of `useSuspenseQuery`, without the data of a former user
 * @throws AuthError `signed_out`, with `endReason`, if no user is signed in. On a server it always throws that, so the
 * nearest `Suspense` renders its fallback. `invalid_config` outside an `AuthQueryProvider`
 * @example
 * ```tsx
 * import { Suspense } from 'react';
 * import { SignedIn } from 'unexpired';
 * import { useAuthedSuspenseQuery } from 'unexpired/query';
 * function Feed() {
 *   const posts = useAuthedSuspenseQuery({
 *     queryKey: ['posts'],
 *     queryFn: async ({ authedFetch, signal }): Promise<string[]> => (await authedFetch('/posts', { signal })).json(),
 *   });
 *   return <p>{posts.data.join(', ')}</p>;
 * }
 * const page = <SignedIn><Suspense fallback="Loading…"><Feed /></Suspense></SignedIn>;
 * ```
 */
export function useAuthedSuspenseQuery<TQueryFnData, TError = DefaultError, TData = TQueryFnData, TKey extends QueryKey = QueryKey>(
  options: UseAuthedSuspenseQueryOptions<TQueryFnData, TError, TData, TKey>,
): UseSuspenseQueryResult<TData, TError> {
  const { client, queryClient } = useSignedIn();
  return useSuspenseQuery(withSession<UseSuspenseQueryOptions<TQueryFnData, TError, TData, TKey>>(client, options), queryClient);
}

function useSignedIn(): AuthQuery {
  const found = useAuthQuery();
  const { client, session } = found;
  if (session.sessionId !== null) return found;
  // A server never has a session. After this error, React renders the component in the browser.
  if (session.status === 'loading' && !isServer) throw client.ready();
  throw signedOut(client.getSnapshot().endReason);
}
