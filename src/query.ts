'use client';

export { authRetry, authRetryDelay } from './query/auth-retry.ts';
export { AuthQueryProvider, type AuthQueryProviderProps } from './query/AuthQueryProvider.tsx';
export { authedPersister, type CachePersister } from './query/authed-persister.ts';
export type { Authed, AuthedQueryFn, MaybeAuthed } from './query/authed-query-fn.ts';
export { authedQueryOptions, type AuthedQueryOptionsResult } from './query/authed-query-options.ts';
export { bindQueryClient } from './query/session-binding.ts';
export type { AuthedContext } from './query/session-fetch.ts';
export { useAuthedInfiniteQuery, type UseAuthedInfiniteQueryOptions } from './query/use-authed-infinite-query.ts';
export { useAuthedMutation, type AuthedMutationFn, type UseAuthedMutationOptions } from './query/use-authed-mutation.ts';
export { useAuthedQuery, type UseAuthedQueryOptions, type WithInitialData } from './query/use-authed-query.ts';
export { useAuthedSuspenseQuery, type UseAuthedSuspenseQueryOptions } from './query/use-authed-suspense-query.ts';
export { useSessionId } from './query/use-session-id.ts';
