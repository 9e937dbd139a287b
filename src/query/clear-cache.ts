import { notifyManager, type QueryClient } from '@tanstack/react-query';
import type { CacheHistory } from './cache-history.ts';
import { blankQueries, disarmMutation, resetObserver, resumeMutation } from './tanstack-internals.ts';

/** Cancels and removes all queries and mutations, and clears what components show of them. TanStack's `clear()` does not change what components show. */
export function clearCache(queryClient: QueryClient, history: CacheHistory): void {
  notifyManager.batch(() => {
    clearQueries(queryClient, history);
    clearMutations(queryClient, history);
  });
}

function clearQueries(queryClient: QueryClient, { queries, observers }: CacheHistory): void {
  queryClient.removeQueries(); // Cancels them, too.
  blankQueries(queries.all()); // Observers can hold a removed query, to show its data as a placeholder.
  for (const observer of observers.all()) resetObserver(observer);
}

/** Removes the mutations without their callbacks, because one user's rollback must not write into the next user's cache. */
function clearMutations(queryClient: QueryClient, { mutationObservers }: CacheHistory): void {
  const cache = queryClient.getMutationCache();
  for (const observer of mutationObservers.all()) observer.reset();
  const mutations = cache.getAll();
  for (const mutation of mutations) disarmMutation(mutation);
  cache.clear();
  // A mutation that is paused would otherwise never settle.
  for (const mutation of mutations) if (mutation.state.status === 'pending') resumeMutation(mutation);
}
