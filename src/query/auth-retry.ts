import { isServer } from '@tanstack/react-query';
import { browserNow } from '../core/platform/browser-platform.ts';
import { AuthError } from '../core/model/auth-error.ts';

const RETRIES = 3;
const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 30_000;

/**
 * Whether a query should be tried again: never after a final `AuthError`, else as TanStack would by default.
 *
 * @param failureCount how often it has failed before, from 0
 * @param error what it has failed with now
 * @example
 * ```ts
 * import { QueryClient } from '@tanstack/react-query';
 * import { authRetry, authRetryDelay } from 'unexpired/query';
 * const queryClient = new QueryClient({ defaultOptions: { queries: { retry: authRetry, retryDelay: authRetryDelay } } });
 * ```
 */
export function authRetry(failureCount: number, error: unknown): boolean {
  if (AuthError.is(error) && !error.transient) return false;
  return !isServer && failureCount < RETRIES;
}

/**
 * How long to wait before a query is tried again: until a transient `AuthError` says, else as TanStack would by default.
 *
 * @param failureCount how often it has failed before, from 0
 * @param error what it has failed with now
 * @param now epoch ms by the device's clock; the browser's own unless the client has another platform
 * @returns ms
 */
export function authRetryDelay(failureCount: number, error: unknown, now: () => number = () => browserNow().wall): number {
  if (AuthError.is(error) && error.retryAt !== null) return Math.max(0, error.retryAt - now());
  return Math.min(FIRST_DELAY_MS * 2 ** failureCount, LONGEST_DELAY_MS);
}
