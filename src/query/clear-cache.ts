import { focusManager, notifyManager, onlineManager, type Mutation, type MutationObserver, type Query, type QueryClient, type QueryObserver, type QueryState } from '@tanstack/react-query';
import { sessionChanged } from '../core/model/auth-error.ts';
import type { Traces } from './traces.ts';

export type AnyQueryObserver = Query['observers'][number];
export type AnyMutationObserver = MutationObserver<unknown, unknown, unknown, unknown>;

const BLANK: QueryState = {
  data: undefined,
  dataUpdateCount: 0,
  dataUpdatedAt: 0,
  error: null,
  errorUpdateCount: 0,
  errorUpdatedAt: 0,
  fetchFailureCount: 0,
  fetchFailureReason: null,
  fetchMeta: null,
  isInvalidated: false,
  status: 'pending',
  fetchStatus: 'idle',
};

/** Cancels and removes every query, from what is shown as well: `clear()` alone would leave that as it is. */
export function forgetQueries(queryClient: QueryClient, { queries, observers }: Traces): void {
  const cache = queryClient.getQueryCache();
  for (const query of cache.getAll()) cache.remove(query); // Cancels it, too.
  for (const query of queries.all()) query.setState(BLANK); // Those who have shown it keep it, as data to fall back to.
  for (const observer of observers.all()) turnOver(observer);
}

/**
 * Moves an observer to a new query, without the placeholder it may be showing.
 *
 * It fetches when its component renders again. One that has no reason to is let go on a moment later, when the
 * components that only a signed-in user sees are gone.
 */
function turnOver(observer: AnyQueryObserver): void {
  const { options } = observer;
  const resting: QueryObserver['options'] = { ...options, enabled: false, placeholderData: undefined, gcTime: 0 };
  const restsAlready = options.enabled === false && options.placeholderData === undefined;
  // It falls back to its last placeholder, and to what `select` made last: here is another one.
  observer.options = { ...resting, placeholderData: true, select: () => undefined };
  observer.updateResult();
  if (!observer.hasListeners()) return;
  if (restsAlready) return observer.setOptions(options); // Perhaps by another binding, which wakes it.
  observer.setOptions(resting);
  notifyManager.schedule(() => {
    if (observer.options === resting && observer.hasListeners()) observer.setOptions(options);
  });
}

/** Removes every mutation, with what it would still have done: a rollback of one user must not write to the cache of the next. */
export function forgetMutations(queryClient: QueryClient, { mutating }: Traces): void {
  const cache = queryClient.getMutationCache();
  for (const observer of mutating.all()) observer.reset();
  const mutations = cache.getAll();
  for (const mutation of mutations) mutation.setOptions({ mutationFn: () => Promise.reject(sessionChanged()) });
  cache.clear();
  for (const mutation of mutations) if (mutation.state.status === 'pending') settle(mutation);
}

/** Lets a mutation that waits, or will, fail as soon as it may go on: out of its cache nobody else continues it. */
function settle(mutation: Mutation): void {
  const releases = [onlineManager.subscribe(proceed), focusManager.subscribe(proceed)];
  mutation.continue().catch(() => undefined).finally(() => releases.forEach((release) => release()));
  function proceed(): void {
    void mutation.continue().catch(() => undefined);
  }
}
