import { QueryClient } from '@tanstack/react-query';
import { authRetry, authRetryDelay } from 'unexpired/query';
import { ApiProblem } from './api-problem.ts';

/** Creates the page's query cache. It retries failures of the network and the server, not the API's own refusals. */
export function createQueryClient(): QueryClient {
  const retry = (failures: number, error: Error) => !(error instanceof ApiProblem && error.status < 500) && authRetry(failures, error);
  return new QueryClient({ defaultOptions: { queries: { retry, retryDelay: authRetryDelay } } });
}
