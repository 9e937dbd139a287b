// Only this file depends on what TanStack Query 5 does beyond its documentation. `test/query/tanstack-internals.test.tsx`
// fails if a release changes it.
import {
  focusManager,
  notifyManager,
  onlineManager,
  QueryClient,
  type Mutation,
  type MutationObserver,
  type Query,
  type QueryObserver,
  type QueryState,
} from '@tanstack/react-query';
import { sessionChanged } from '../core/model/auth-error.ts';

export type AnyQueryObserver = Query['observers'][number];
export type AnyMutationObserver = MutationObserver<unknown, unknown, unknown, unknown>;

/** Returns the observers that are subscribed to a query. */
export function observersOf(query: Query): readonly AnyQueryObserver[] {
  return query.observers;
}

/** Gives queries the state of one that was never fetched, so that an observer finds no data in them. */
export function blankQueries(queries: readonly Query[]): void {
  const blank = blankState();
  for (const query of queries) query.setState(blank);
}

function blankState(): QueryState {
  const client = new QueryClient();
  return client.getQueryCache().build(client, { queryKey: [], gcTime: Infinity }).state; // A finite time would set a timer.
}

/**
 * Moves an observer to a new query and clears its result, placeholder data included.
 *
 * The observer fetches when its component renders again. If the component does not, the observer fetches a moment later,
 * so that components that only a signed-in user sees can unmount first.
 */
export function resetObserver(observer: AnyQueryObserver): void {
  const { options } = observer;
  const disabled: QueryObserver['options'] = { ...options, enabled: false, placeholderData: undefined, gcTime: 0 };
  const wasDisabled = options.enabled === false && options.placeholderData === undefined;
  // An observer falls back to its last placeholder and to the last result of `select`, so both are replaced first.
  observer.options = { ...disabled, placeholderData: true, select: () => undefined };
  observer.updateResult();
  if (!observer.hasListeners()) return;
  if (wasDisabled) return observer.setOptions(options); // If another binding has disabled it, that one also enables it.
  observer.setOptions(disabled);
  notifyManager.schedule(() => {
    if (observer.options === disabled && observer.hasListeners()) observer.setOptions(options);
  });
}

/** Cancels a fetch and starts another one. Callers that wait for the first get the result of the second. */
export function restartFetch(query: Query): void {
  void query.cancel({ silent: true });
  void query.fetch().catch(() => undefined);
}

/** Makes a mutation reject with `session_changed` when it runs again. Its callbacks are dropped. */
export function disarmMutation(mutation: Mutation): void {
  mutation.setOptions({ mutationFn: () => Promise.reject(sessionChanged()) });
}

/** Resumes a mutation that its cache no longer resumes: now, and when the page is online or focused again. */
export function resumeMutation(mutation: Mutation): void {
  const resume = () => mutation.continue().catch(() => undefined);
  const releases = [onlineManager, focusManager].map((manager) => manager.subscribe(() => void resume()));
  void resume().finally(() => releases.forEach((release) => release()));
}
