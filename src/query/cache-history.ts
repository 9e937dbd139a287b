import type { Query, QueryClient } from '@tanstack/react-query';
import { observersOf, type AnyMutationObserver, type AnyQueryObserver } from './tanstack-internals.ts';

/** A list whose values can still be garbage-collected. */
export interface WeakList<T> {
  readonly add: (value: T) => void;
  readonly all: () => T[];
}

/**
 * The queries and observers that a cache has had, as long as anything else references them.
 *
 * A former user's data can be in a query that the cache has removed, or in an observer of a hidden <Activity>. The cache
 * lists neither of them.
 */
export interface CacheHistory {
  readonly queries: WeakList<Query>;
  readonly observers: WeakList<AnyQueryObserver>;
  readonly mutationObservers: WeakList<AnyMutationObserver>;
}

const histories = /* @__PURE__ */ new WeakMap<QueryClient, CacheHistory>();

/** Returns the history of a cache, which begins with the first call. */
export function historyOf(queryClient: QueryClient): CacheHistory {
  const existing = histories.get(queryClient);
  if (existing) return existing;
  const history: CacheHistory = { queries: createWeakList(), observers: createWeakList(), mutationObservers: createWeakList() };
  histories.set(queryClient, history);
  const cache = queryClient.getQueryCache();
  for (const query of cache.getAll()) {
    history.queries.add(query);
    observersOf(query).forEach(history.observers.add);
  }
  cache.subscribe((event) => {
    history.queries.add(event.query);
    if (event.type === 'observerAdded') history.observers.add(event.observer);
  });
  queryClient.getMutationCache().subscribe((event) => event.type === 'observerAdded' && history.mutationObservers.add(event.observer));
  return history;
}

function createWeakList<T extends object>(): WeakList<T> {
  const refs = new Set<WeakRef<T>>();
  const added = new WeakSet<T>();
  // React Native may have none. Then the empty references stay.
  const collected = typeof FinalizationRegistry === 'undefined' ? null : new FinalizationRegistry<WeakRef<T>>((ref) => refs.delete(ref));
  return {
    add(value) {
      if (added.has(value)) return;
      added.add(value);
      const ref = new WeakRef(value);
      refs.add(ref);
      collected?.register(value, ref);
    },
    all: () => [...refs].flatMap((ref) => ref.deref() ?? []),
  };
}
