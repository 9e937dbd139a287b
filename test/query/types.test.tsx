import { QueryClient, skipToken, useQuery, useSuspenseQuery, type InfiniteData } from '@tanstack/react-query';
import type { persistQueryClient, Persister } from '@tanstack/react-query-persist-client';
import type { AuthClient } from 'unexpired';
import {
  authedPersister,
  authedQueryOptions,
  authRetry,
  authRetryDelay,
  useAuthedInfiniteQuery,
  useAuthedMutation,
  useAuthedQuery,
  useAuthedSuspenseQuery,
} from 'unexpired/query';
import { describe, expectTypeOf, it } from 'vitest';

interface Post {
  readonly id: number;
  readonly text: string;
}
declare const parsePosts: (value: unknown) => Post[];
declare const auth: AuthClient;

// Only the compiler checks these: the bodies never run.
describe('the types of unexpired/query', () => {
  it('give a query the data type of its parser', () => {
    void (() => {
      const posts = useAuthedQuery({
        queryKey: ['posts', 1],
        queryFn: async ({ authedFetch, signal, queryKey, client }) => {
          expectTypeOf(authedFetch).toEqualTypeOf<typeof fetch>();
          expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
          expectTypeOf(queryKey).toEqualTypeOf<(string | number)[]>();
          expectTypeOf(client).toEqualTypeOf<QueryClient>();
          return parsePosts(await (await authedFetch('/posts', { signal })).json());
        },
      });
      expectTypeOf(posts.data).toEqualTypeOf<Post[] | undefined>();
      expectTypeOf(posts.error).toEqualTypeOf<Error | null>();
      if (posts.isSuccess) expectTypeOf(posts.data).toEqualTypeOf<Post[]>();
    });
  });

  it('follow select, initialData and skipToken of a query', () => {
    void (() => {
      const queryFn = async (): Promise<Post[]> => [];
      expectTypeOf(useAuthedQuery({ queryKey: ['posts'], queryFn, select: (posts) => posts.length }).data).toEqualTypeOf<number | undefined>();
      expectTypeOf(useAuthedQuery({ queryKey: ['posts'], queryFn, initialData: [] }).data).toEqualTypeOf<Post[]>();
      expectTypeOf(useAuthedQuery({ queryKey: ['posts'], queryFn: Math.random() < 2 ? skipToken : queryFn }).data).toEqualTypeOf<Post[] | undefined>();
      expectTypeOf(useAuthedQuery({ queryKey: ['posts'] }).data).toEqualTypeOf<unknown>(); // As of `useQuery`, for a default query function.
      // @ts-expect-error initial data is of the parser's type
      useAuthedQuery({ queryKey: ['posts'], queryFn, initialData: 'none' });
    });
  });

  it('give a suspense query data that is always defined, and no skipToken', () => {
    void (() => {
      const queryFn = async (): Promise<Post[]> => [];
      expectTypeOf(useAuthedSuspenseQuery({ queryKey: ['posts'], queryFn }).data).toEqualTypeOf<Post[]>();
      // @ts-expect-error a suspense query cannot be skipped
      useAuthedSuspenseQuery({ queryKey: ['posts'], queryFn: skipToken });
      // @ts-expect-error a suspense query cannot be disabled
      useAuthedSuspenseQuery({ queryKey: ['posts'], queryFn, enabled: false });
    });
  });

  it('give the query function of an infinite query the type of its page parameter', () => {
    void (() => {
      const pages = useAuthedInfiniteQuery({
        queryKey: ['posts'],
        queryFn: async ({ pageParam, authedFetch }) => {
          expectTypeOf(pageParam).toEqualTypeOf<number>();
          return parsePosts(await (await authedFetch(`/posts?page=${pageParam}`)).json());
        },
        initialPageParam: 0,
        getNextPageParam: (last, all) => (last.length > 0 ? all.length : null),
      });
      expectTypeOf(pages.data).toEqualTypeOf<InfiniteData<Post[]> | undefined>();
    });
  });

  it('give a mutation the types of its function', () => {
    void (() => {
      const publish = useAuthedMutation({
        mutationFn: async (text: string, { authedFetch, meta }) => {
          expectTypeOf(authedFetch).toEqualTypeOf<typeof fetch>();
          expectTypeOf(meta).toEqualTypeOf<Record<string, unknown> | undefined>();
          return parsePosts(await (await authedFetch('/users/me/posts', { method: 'POST', body: text })).json())[0];
        },
        onMutate: (text) => ({ before: text.length }),
        onError: (_error, _text, result) => expectTypeOf(result).toEqualTypeOf<{ before: number } | undefined>(),
      });
      expectTypeOf(publish.data).toEqualTypeOf<Post | undefined>();
      expectTypeOf(publish.mutateAsync).returns.resolves.toEqualTypeOf<Post | undefined>();
      publish.mutate('text');
      // @ts-expect-error the text is missing
      publish.mutate();
    });
  });

  it('carry query options through their key and into every hook', () => {
    void (async () => {
      const posts = authedQueryOptions(auth, { queryKey: ['posts'], queryFn: async ({ authedFetch }) => parsePosts(await authedFetch('/posts')) });
      const queryClient = new QueryClient({ defaultOptions: { queries: { retry: authRetry, retryDelay: authRetryDelay } } });
      expectTypeOf(queryClient.getQueryData(posts.queryKey)).toEqualTypeOf<Post[] | undefined>();
      expectTypeOf(await queryClient.ensureQueryData(posts)).toEqualTypeOf<Post[]>();
      expectTypeOf(await queryClient.fetchQuery(posts)).toEqualTypeOf<Post[]>();
      await queryClient.prefetchQuery(posts);
      expectTypeOf(useAuthedQuery(posts).data).toEqualTypeOf<Post[] | undefined>();
      expectTypeOf(useAuthedSuspenseQuery(posts).data).toEqualTypeOf<Post[]>();
      expectTypeOf(useQuery(posts).data).toEqualTypeOf<Post[] | undefined>();
      expectTypeOf(useSuspenseQuery(posts).data).toEqualTypeOf<Post[]>();
      expectTypeOf(useAuthedQuery({ ...posts, select: (all) => all.length }).data).toEqualTypeOf<number | undefined>();
    });
  });

  it('accept an authedPersister where TanStack takes a persister', () => {
    void ((persister: Persister, queryClient: QueryClient) => {
      expectTypeOf(authedPersister(auth, persister)).toExtend<Persister>();
      type Options = Omit<Parameters<typeof persistQueryClient>[0], 'queryClient'>;
      expectTypeOf({ persister: authedPersister(auth, persister) }).toExtend<Options>();
      return queryClient;
    });
  });
});
