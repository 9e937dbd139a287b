import { QueryClient } from '@tanstack/react-query';
import { authRetry, authRetryDelay } from 'unexpired/query';
import { ApiProblem } from './api-problem.ts';

/** Creates the cache of one page; the API's own refusals are not asked for again. */
export function createQueryClient(): QueryClient {
  const retry = (failures: number, error: Error) => !(error instanceof ApiProblem && error.status < 500) && authRetry(failures, error);
  return new QueryClient({ defaultOptions: { queries: { retry, retryDelay: authRetryDelay } } });
}
