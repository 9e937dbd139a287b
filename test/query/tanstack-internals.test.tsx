import { focusManager, keepPreviousData, MutationObserver, onlineManager, QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { blankQueries, disarmMutation, observersOf, resetObserver, restartFetch, resumeMutation, type AnyQueryObserver } from '../../src/query/tanstack-internals.ts';

let queryClient: QueryClient;
beforeEach(() => {
  queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
});
afterEach(() => {
  onlineManager.setOnline(true);
  focusManager.setFocused(undefined);
  queryClient.clear();
});

const queryOf = (key: string) => queryClient.getQueryCache().find({ queryKey: [key] })!;

/** An observer that has a listener, as that of a mounted component. */
function observe(options: ConstructorParameters<typeof QueryObserver>[1]) {
  const observer = new QueryObserver(queryClient, options);
  observer.subscribe(() => undefined);
  return observer;
}

/** Does what follows a change of user: removes the queries, and resets the observer. */
function clear(observer: AnyQueryObserver): void {
  const queries = queryClient.getQueryCache().getAll();
  queryClient.removeQueries();
  blankQueries(queries);
  resetObserver(observer);
}

describe('what unexpired/query uses of TanStack', () => {
  it('gives a blanked query the whole state of a query that was never fetched', async () => {
    const fresh = queryClient.getQueryCache().build(queryClient, { queryKey: ['fresh'] }).state;
    await queryClient.prefetchQuery({ queryKey: ['failed'], queryFn: () => Promise.reject(new Error('no')) });
    queryClient.setQueryData(['filled'], 'ember');
    await queryClient.invalidateQueries();
    for (const key of ['failed', 'filled']) {
      expect(queryOf(key).state).not.toEqual(fresh);
      blankQueries([queryOf(key)]);
      expect(queryOf(key).state).toEqual(fresh);
    }
  });

  it('blanks queries without a timer that would keep a process alive', () => {
    const setTimer = vi.spyOn(globalThis, 'setTimeout');
    blankQueries([]);
    expect(setTimer).not.toHaveBeenCalled();
    setTimer.mockRestore();
  });

  it('lists the observers of a query', () => {
    const observer = observe({ queryKey: ['me'], queryFn: () => 'ember' });
    expect(observersOf(queryOf('me'))).toEqual([observer]);
  });

  it('resets an observer whose result is a placeholder from another query, then lets it fetch', async () => {
    let name = 'ember';
    const queryFn = () => (name === 'pending' ? new Promise<string>(() => undefined) : name);
    const observer = observe({ queryKey: ['page', 1], queryFn, placeholderData: keepPreviousData });
    await expect.poll(() => observer.getCurrentResult().data).toBe('ember');
    name = 'pending';
    observer.setOptions({ queryKey: ['page', 2], queryFn, placeholderData: keepPreviousData });
    expect(observer.getCurrentResult()).toMatchObject({ data: 'ember', isPlaceholderData: true });
    clear(observer);
    expect(observer.getCurrentResult()).toMatchObject({ data: undefined, fetchStatus: 'idle' });
    name = 'cinder';
    await expect.poll(() => observer.getCurrentResult().data).toBe('cinder');
  });

  it('resets an observer that would fall back to the last result of its select', async () => {
    let name = 'ember';
    const select = (value: string) => {
      if (value === 'cinder') throw new Error('no such name');
      return value;
    };
    const observer = observe({ queryKey: ['me'], queryFn: () => name, select: select as never });
    await expect.poll(() => observer.getCurrentResult().data).toBe('ember');
    name = 'cinder';
    clear(observer);
    await expect.poll(() => observer.getCurrentResult().status).toBe('error');
    expect(observer.getCurrentResult().data).toBeUndefined();
  });

  it('restarts a fetch without rejecting the callers that wait for it', async () => {
    const answers: ((name: string) => void)[] = [];
    const options = { queryKey: ['me'], queryFn: () => new Promise<string>((resolve) => answers.push(resolve)) };
    const waiting = Promise.all([queryClient.fetchQuery(options), queryClient.fetchQuery(options)]); // The second one joins.
    restartFetch(queryOf('me'));
    expect(answers).toHaveLength(2);
    answers[0]!('ember');
    answers[1]!('cinder');
    await expect(waiting).resolves.toEqual(['cinder', 'cinder']);
    expect(queryClient.getQueryData(['me'])).toBe('cinder');
  });

  it('lets a paused mutation that was removed reject when the network returns, without its callbacks', async () => {
    onlineManager.setOnline(false);
    const hadListeners = onlineManager.hasListeners();
    const calls: string[] = [];
    const observer = new MutationObserver(queryClient, { mutationFn: async () => calls.push('sent'), onError: () => void calls.push('error') });
    const outcome = observer.mutate().catch((error: unknown) => error);
    const [mutation] = queryClient.getMutationCache().getAll();
    await expect.poll(() => mutation!.state.isPaused).toBe(true);
    disarmMutation(mutation!);
    queryClient.getMutationCache().clear();
    resumeMutation(mutation!);
    onlineManager.setOnline(true);
    expect(await outcome).toMatchObject({ code: 'session_changed' });
    expect(calls).toEqual([]);
    expect(onlineManager.hasListeners()).toBe(hadListeners);
  });
});
