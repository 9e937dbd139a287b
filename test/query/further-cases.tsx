import { QueryErrorResetBoundary, skipToken, type useMutation, type useSuspenseQuery } from '@tanstack/react-query';
import { Suspense, useEffect } from 'react';
import { Boundary } from './boundary.tsx';
import { described, failing, type Case, type Page } from './tanstack-page.tsx';

async function mutate(page: Page, options: Parameters<typeof useMutation<string, Error, string>>[0]): Promise<void> {
  let save: (text: string) => void = () => undefined;
  const Form = () => {
    const result = page.hooks.useMutation<string, Error, string>({
      onMutate: (text) => page.log(`onMutate ${text}`),
      onSettled: (data, error) => page.log(`onSettled ${String(data)} ${String(error)}`),
      ...options,
    });
    page.log(described(result));
    useEffect(() => void (save = result.mutate));
    return null;
  };
  page.mount(<Form />);
  page.act(() => save('text'));
  await page.advance(1000);
}

function Suspended({ page, options }: { page: Page; options: Parameters<typeof useSuspenseQuery>[0] }) {
  page.log(described(page.hooks.useSuspenseQuery(options)));
  return null;
}

function Logged({ text, page }: { text: string; page: Page }) {
  page.log(text);
  return null;
}

/** What an app does with the hooks for Suspense, pages and mutations. */
export const furtherCases: Record<string, Case> = {
  async 'suspend until there are data'(page) {
    page.mount(<Suspense fallback={<Logged text="fallback" page={page} />}><Suspended page={page} options={{ queryKey: ['a'], queryFn: page.fetching() }} /></Suspense>);
    await page.advance(1000);
  },
  async 'suspend, then throw an error'(page) {
    page.mount(
      <QueryErrorResetBoundary>
        {() => <Boundary><Suspense fallback={<Logged text="fallback" page={page} />}><Suspended page={page} options={{ queryKey: ['a'], queryFn: page.fetching(failing) }} /></Suspense></Boundary>}
      </QueryErrorResetBoundary>,
    );
    await page.advance(1000);
  },
  async 'suspend and abort nothing when unmounted'(page) {
    page.mount(<Suspense fallback={<Logged text="fallback" page={page} />}><Suspended page={page} options={{ queryKey: ['a'], queryFn: page.fetching() }} /></Suspense>);
    page.unmount();
    await page.advance(1000);
  },
  async 'refuse skipToken in a suspense query'(page) {
    page.mount(<Boundary><Suspense fallback={<Logged text="fallback" page={page} />}><Suspended page={page} options={{ queryKey: ['a'], queryFn: skipToken as never }} /></Suspense></Boundary>);
    await page.advance(1000);
  },
  async 'suspend with the query function of the defaults'(page) {
    page.queryClient.setQueryDefaults(['a'], { queryFn: page.fetching() });
    page.mount(<Suspense fallback={<Logged text="fallback" page={page} />}><Suspended page={page} options={{ queryKey: ['a'] }} /></Suspense>);
    await page.advance(1000);
  },
  async 'fetch page after page'(page) {
    const queryFn = page.fetching();
    let more: () => Promise<unknown> = () => Promise.resolve();
    const Pages = () => {
      const result = page.hooks.useInfiniteQuery({ queryKey: ['a'], queryFn, initialPageParam: 0, getNextPageParam: (_last, all) => all.length });
      page.log(`${described(result)} ${String(result.hasNextPage)}`);
      useEffect(() => void (more = result.fetchNextPage));
      return null;
    };
    page.mount(<Pages />);
    await page.advance(1000);
    page.act(() => more());
    await page.advance(1000);
    page.act(() => page.queryClient.invalidateQueries());
    await page.advance(1000);
  },
  async 'fetch pages with the query function of the defaults, unless disabled by them'(page) {
    page.queryClient.setQueryDefaults(['a'], { queryFn: page.fetching() });
    page.queryClient.setQueryDefaults(['b'], { queryFn: page.fetching(), enabled: false });
    const Pages = ({ name }: { name: string }) => {
      page.log(described(page.hooks.useInfiniteQuery({ queryKey: [name], initialPageParam: 0, getNextPageParam: () => null })));
      return null;
    };
    page.mount(<><Pages name="a" /><Pages name="b" /></>);
    await page.advance(1000);
  },
  async 'run a mutation and its callbacks'(page) {
    await mutate(page, { mutationFn: async (text: string) => (page.log(`sent ${text}`), `stored ${text}`) });
  },
  async 'run a mutation that throws at once'(page) {
    await mutate(page, { mutationFn: failing });
  },
  async 'retry a mutation'(page) {
    let calls = 0;
    await mutate(page, { mutationFn: async () => (page.log(`call ${++calls}`), calls < 3 ? failing() : 'third'), retry: 3, retryDelay: 100 });
  },
  async 'use the mutation function of the defaults'(page) {
    page.queryClient.setMutationDefaults(['save'], { mutationFn: async (text) => (page.log(`sent ${String(text)}`), 'stored') });
    await mutate(page, { mutationKey: ['save'] });
  },
  async 'name a mutation without a mutation function'(page) {
    await mutate(page, {});
  },
};

