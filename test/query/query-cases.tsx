import { keepPreviousData, skipToken, type useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Boundary } from './boundary.tsx';
import { described, failing, LATENCY_MS, type Case, type Page } from './tanstack-page.tsx';

/** A component over `useQuery`, which logs its renders. It gives its `refetch` away. */
function queryOf({ hooks, log }: Page, options: Parameters<typeof useQuery>[0]) {
  let refetch: () => Promise<unknown> = () => Promise.resolve();
  const Shown = ({ more }: { more?: Partial<typeof options> }) => {
    const result = hooks.useQuery({ ...options, ...more });
    log(described(result));
    useEffect(() => void (refetch = result.refetch));
    return null;
  };
  return { Shown, refetch: () => refetch() };
}

/** A number that starts at 1. `give` gets the function that adds one. */
function usePageNumber(give: (next: () => void) => void): number {
  const [number, setNumber] = useState(1);
  useEffect(() => void give(() => setNumber((last) => last + 1)));
  return number;
}

/** What an app does with `useQuery`. */
export const queryCases: Record<string, Case> = {
  async 'fetch when a component mounts'(page) {
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching() });
    page.mount(<Shown />);
    await page.advance(1000);
  },
  async 'abort when a component unmounts in the turn in which it mounted'(page) {
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching() });
    page.mount(<Shown />);
    page.unmount();
    await page.advance(1000);
  },
  async 'abort when a component unmounts during the fetch'(page) {
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching() });
    page.mount(<Shown />);
    await page.advance(LATENCY_MS / 2);
    page.unmount();
    await page.advance(1000);
  },
  async 'go on when a query function has not read the signal'(page) {
    const queryFn = () => (page.log('call'), new Promise((resolve) => setTimeout(() => resolve('late'), LATENCY_MS)));
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn });
    page.mount(<Shown />);
    page.unmount();
    await page.advance(1000);
  },
  async 'share one fetch between two components'(page) {
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching() });
    page.mount(<><Shown /><Shown /></>);
    await page.advance(1000);
  },
  async 'fetch again on refetch'(page) {
    const { Shown, refetch } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching() });
    page.mount(<Shown />);
    await page.advance(1000);
    page.act(refetch);
    page.act(refetch); // Cancels the first.
    await page.advance(1000);
  },
  async 'fetch again when invalidated'(page) {
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching() });
    page.mount(<Shown />);
    await page.advance(1000);
    page.act(() => page.queryClient.invalidateQueries({ queryKey: ['a'] }));
    await page.advance(1000);
  },
  async 'fetch in intervals'(page) {
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching(), refetchInterval: 100 });
    page.mount(<Shown />);
    await page.advance(350);
  },
  async 'show an error'(page) {
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching(failing) });
    page.mount(<Shown />);
    await page.advance(1000);
  },
  async 'show an error that a query function throws at once'(page) {
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: failing });
    page.mount(<Shown />);
    await page.advance(1000);
  },
  async 'show data that a query function returns at once'(page) {
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: () => (page.log('call'), 'at once') });
    page.mount(<Shown />);
    await page.advance(1000);
  },
  async 'complain about data that is undefined'(page) {
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: () => undefined });
    page.mount(<Shown />);
    await page.advance(1000);
  },
  async 'retry'(page) {
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching((count) => (count < 3 ? failing() : 'third')), retry: 3 });
    page.mount(<Shown />);
    await page.advance(1000);
  },
  async 'throw an error to the error boundary'(page) {
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching(failing), throwOnError: true });
    page.mount(<Boundary><Shown /></Boundary>);
    await page.advance(1000);
  },
  async 'do nothing while disabled, except on refetch'(page) {
    const { Shown, refetch } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching(), enabled: false });
    page.mount(<Shown />);
    await page.advance(1000);
    page.act(refetch);
    await page.advance(1000);
  },
  async 'follow an enabled that is a function'(page) {
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching(), enabled: ({ state }) => state.dataUpdateCount === 1 });
    page.mount(<Shown />);
    await page.advance(100);
    page.act(() => page.queryClient.setQueryData(['a'], 'set'));
    await page.advance(1000);
  },
  async 'refuse an enabled that is no boolean'(page) {
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching(), enabled: null as never });
    page.mount(<Boundary><Shown /></Boundary>);
    await page.advance(1000);
  },
  async 'take enabled from the defaults'(page) {
    page.queryClient.setDefaultOptions({ queries: { enabled: false } });
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching() });
    page.mount(<><Shown /><Shown more={{ queryKey: ['b'], enabled: true }} /></>);
    await page.advance(1000);
  },
  async 'take enabled from the defaults of a key'(page) {
    page.queryClient.setQueryDefaults(['a'], { enabled: false });
    const { Shown } = queryOf(page, { queryKey: ['a', 1], queryFn: page.fetching() });
    page.mount(<Shown />);
    await page.advance(1000);
  },
  async 'select, and keep what select returned'(page) {
    const { Shown, refetch } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching(() => 'same'), select: (data) => [page.log('select'), data] });
    page.mount(<Shown />);
    await page.advance(1000);
    page.act(refetch);
    await page.advance(1000);
  },
  async 'show a placeholder, then the data'(page) {
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching(), placeholderData: 'placeholder' });
    page.mount(<Shown />);
    await page.advance(1000);
  },
  async 'keep the data of the former key as a placeholder'(page) {
    const queryFn = page.fetching();
    let turn: () => void = () => undefined;
    const Paged = () => {
      const id = usePageNumber((next) => (turn = next));
      page.log(described(page.hooks.useQuery({ queryKey: ['a', id], queryFn, placeholderData: keepPreviousData })));
      return null;
    };
    page.mount(<Paged />);
    await page.advance(1000);
    page.act(turn);
    await page.advance(1000);
  },
  async 'show initial data and fetch behind it'(page) {
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching(), initialData: 'initial' });
    page.mount(<Shown />);
    await page.advance(1000);
  },
  async 'not fetch what is fresh'(page) {
    page.queryClient.setQueryData(['a'], 'cached');
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: page.fetching(), staleTime: Infinity });
    page.mount(<Shown />);
    await page.advance(1000);
  },
  async 'use the query function of the defaults'(page) {
    page.queryClient.setDefaultOptions({ queries: { queryFn: page.fetching() } });
    const { Shown } = queryOf(page, { queryKey: ['a'] });
    page.mount(<Shown />);
    await page.advance(1000);
  },
  async 'use the query function of the defaults of a key'(page) {
    page.queryClient.setQueryDefaults(['a'], { queryFn: page.fetching() });
    const { Shown } = queryOf(page, { queryKey: ['a', 1] });
    page.mount(<Shown />);
    await page.advance(1000);
  },
  async 'name a query without a query function'(page) {
    const { Shown } = queryOf(page, { queryKey: ['a'] });
    page.mount(<Shown />);
    await page.advance(1000);
  },
  async 'name a query whose query function is undefined in spite of the defaults'(page) {
    page.queryClient.setQueryDefaults(['a'], { queryFn: page.fetching() });
    const { Shown } = queryOf(page, { queryKey: ['a'], queryFn: undefined as never });
    page.mount(<Shown />);
    await page.advance(1000);
  },
  async 'skip a query with skipToken, also on refetch'(page) {
    const { Shown, refetch } = queryOf(page, { queryKey: ['a'], queryFn: skipToken });
    page.mount(<Shown />);
    page.act(() => refetch().catch((error: unknown) => page.log(String(error))));
    await page.advance(1000);
  },
  async 'run a query after its skipToken is gone'(page) {
    const queryFn = page.fetching();
    let turn: () => void = () => undefined;
    const Late = () => {
      const id = usePageNumber((next) => (turn = next));
      page.log(described(page.hooks.useQuery({ queryKey: ['a'], queryFn: id > 1 ? queryFn : skipToken })));
      return null;
    };
    page.mount(<Late />);
    await page.advance(1000);
    page.act(turn);
    await page.advance(1000);
  },
};
