import { act, cleanup, render } from '@testing-library/react';
import { useInfiniteQuery, useMutation, useQuery, useSuspenseQuery, type QueryClient } from '@tanstack/react-query';
import { StrictMode, type ReactNode } from 'react';
import { AuthProvider } from 'unexpired';
import { AuthQueryProvider, useAuthedInfiniteQuery, useAuthedMutation, useAuthedQuery, useAuthedSuspenseQuery } from 'unexpired/query';
import { vi } from 'vitest';
import { createTestApp, type TestApp } from './test-app.tsx';

export const tanstacks = { useQuery, useSuspenseQuery, useInfiniteQuery, useMutation };
export const authed = { useQuery: useAuthedQuery, useSuspenseQuery: useAuthedSuspenseQuery, useInfiniteQuery: useAuthedInfiniteQuery, useMutation: useAuthedMutation } as unknown as typeof tanstacks;

/** One page, and what happens in it, in order. */
export interface Page {
  readonly hooks: typeof tanstacks;
  readonly queryClient: QueryClient;
  readonly log: (line: string) => void;
  /** A query function that logs its calls and aborts, and answers a moment later. */
  readonly fetching: (answer?: (count: number) => string) => (context: { signal: AbortSignal }) => Promise<string>;
  readonly mount: (tree: ReactNode) => void;
  readonly unmount: () => void;
  readonly act: (task: () => unknown) => void;
  readonly advance: (ms: number) => Promise<void>;
}

export type Case = (page: Page) => Promise<void>;

export const LATENCY_MS = 20;

/** Runs a case with one set of hooks and returns its log. */
export async function logOf(hooks: typeof tanstacks, run: Case, strict: boolean): Promise<readonly string[]> {
  const app = await createTestApp();
  await app.signIn('ember');
  vi.useFakeTimers({ now: 1e12 }); // So that both logs have the same times.
  const lines: string[] = [];
  const complaints = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];
  for (const complaint of complaints) complaint.mockImplementation((...words) => void lines.push(`console: ${String(words[0]).slice(0, 80)}`));
  await run(openPage(app, hooks, strict, lines));
  cleanup();
  lines.push(JSON.stringify(app.queryClient.getQueryCache().getAll().map(({ queryKey, state }) => [queryKey, state])));
  app.queryClient.clear();
  vi.useRealTimers();
  complaints.forEach((complaint) => complaint.mockRestore());
  return lines;
}

function openPage({ auth, queryClient }: TestApp, hooks: typeof tanstacks, strict: boolean, lines: string[]): Page {
  queryClient.setDefaultOptions({ queries: { retry: false, retryDelay: 100 } });
  const log = (line: string) => void lines.push(line);
  let unmount = () => undefined as void;
  return {
    hooks,
    queryClient,
    log,
    fetching(answer = (count) => `answer ${count}`) {
      let calls = 0;
      return ({ signal }) => {
        const call = ++calls;
        log(`call ${call}`);
        return new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => {
            log(`abort ${call}`);
            reject(signal.reason);
          });
          setTimeout(() => {
            try {
              resolve(answer(call));
            } catch (error) {
              reject(error);
            }
          }, LATENCY_MS);
        });
      };
    },
    mount(tree) {
      const app = (
        <AuthProvider client={auth}>
          <AuthQueryProvider queryClient={queryClient}>{tree}</AuthQueryProvider>
        </AuthProvider>
      );
      ({ unmount } = render(strict ? <StrictMode>{app}</StrictMode> : app));
      log('mounted');
    },
    unmount() {
      unmount();
      log('unmounted');
    },
    act(task) {
      act(() => void task());
      log('acted');
    },
    advance: (ms) => act(async () => void (await vi.advanceTimersByTimeAsync(ms))),
  };
}

export const described = (result: { status: string; fetchStatus?: string; data?: unknown; error: unknown; failureCount: number; isPlaceholderData?: boolean }) =>
  `render ${result.status} ${result.fetchStatus} ${JSON.stringify(result.data)} ${String(result.error)} ${result.failureCount} ${String(result.isPlaceholderData)}`;

export const failing = () => {
  throw new Error('no');
};
