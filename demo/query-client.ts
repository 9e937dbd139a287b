import { QueryClient } from '@tanstack/react-query';
import { AuthError, type AuthClient } from 'unexpired';
import { ApiProblem } from './api-problem.ts';

const MAX_RETRIES = 3;

/** Creates the cache of one page: it holds what one user may see, and is emptied when that user changes. */
export function createQueryClient(auth: AuthClient): QueryClient {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: shouldRetry, retryDelay } } });
  let key = auth.getSnapshot().sessionId;
  auth.subscribe(() => {
    const next = auth.getSnapshot().sessionId;
    if (next === key) return;
    key = next;
    queryClient.clear();
  });
  return queryClient;
}

function shouldRetry(failures: number, error: Error): boolean {
  if (AuthError.is(error)) return error.transient && failures < MAX_RETRIES;
  return !(error instanceof ApiProblem && error.status < 500) && failures < MAX_RETRIES;
}

function retryDelay(failures: number, error: Error): number {
  // The client knows when a token can be had; asking earlier would only fail again.
  if (AuthError.is(error) && error.retryAt !== null) return Math.max(250, error.retryAt - Date.now());
  return 500 * 2 ** failures;
}
