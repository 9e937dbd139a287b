import type { Query, QueryClient } from '@tanstack/react-query';
import type { AnyMutationObserver, AnyQueryObserver } from './forget.ts';

/** All that was ever seen of a kind, for as long as somebody else holds it. */
export interface Seen<T> {
  readonly add: (value: T) => void;
  readonly all: () => T[];
}

/**
 * Who may still show what a cache has held: those that it let go of itself, and those that are out of sight for now
 * (in a hidden <Activity>), are found nowhere else.
 */
export interface Traces {
  readonly queries: Seen<Query>;
  readonly observers: Seen<AnyQueryObserver>;
  readonly mutating: Seen<AnyMutationObserver>;
}

const tracesOf = /* @__PURE__ */ new WeakMap<QueryClient, Traces>();

/** Watches a cache for its life: it is the cache that holds the traces. */
export function watchCache(queryClient: QueryClient): Traces {
  const known = tracesOf.get(queryClient);
  if (known) return known;
  const traces: Traces = { queries: createSeen(), observers: createSeen(), mutating: createSeen() };
  tracesOf.set(queryClient, traces);
  const cache = queryClient.getQueryCache();
  for (const query of cache.getAll()) {
    traces.queries.add(query);
    query.observers.forEach(traces.observers.add);
  }
  cache.subscribe((event) => {
    traces.queries.add(event.query);
    if (event.type === 'observerAdded') traces.observers.add(event.observer);
  });
  queryClient.getMutationCache().subscribe((event) => event.type === 'observerAdded' && traces.mutating.add(event.observer));
  return traces;
}

function createSeen<T extends object>(): Seen<T> {
  const refs = new Set<WeakRef<T>>();
  const known = new WeakSet<T>();
  const collected = new FinalizationRegistry<WeakRef<T>>((ref) => refs.delete(ref));
  return {
    add(value) {
      if (known.has(value)) return;
      known.add(value);
      const ref = new WeakRef(value);
      refs.add(ref);
      collected.register(value, ref);
    },
    all: () => [...refs].flatMap((ref) => ref.deref() ?? []),
  };
}
