import { isServer } from '@tanstack/react-query';
import { browserNow } from '../core/platform/browser-platform.ts';
import { AuthError } from '../core/model/auth-error.ts';

const RETRIES = 3;
const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 30_000;

/**
 * Decides whether a failed query is retried.
 *
 * An `AuthError` that is not transient is never retried. For all other errors the decision is TanStack's default: up to
 * three retries in a browser, none on a server.
 *
 * @param failureCount how often the query has failed before, from 0
 * @param error the current failure
 * @returns true if the query is retried
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
 * Returns how long to wait before a failed query is retried.
 *
 * The wait ends at the `retryAt` of an `AuthError`. For all other errors it is TanStack's default: 1 s, doubled with each
 * failure, at most 30 s.
 *
 * @param failureCount how often the query has failed before, from 0
 * @param error the current failure
 * @param now returns epoch ms by the device's clock; needed only if the client has a platform of its own
 * @returns ms
 * @example
 * ```ts
 * import { QueryClient } from '@tanstack/react-query';
 * import { authRetry, authRetryDelay } from 'unexpired/query';
 * const queryClient = new QueryClient({ defaultOptions: { queries: { retry: authRetry, retryDelay: authRetryDelay } } });
 * ```
 */
export function authRetryDelay(failureCount: number, error: unknown, now: () => number = () => browserNow().wall): number {
  if (AuthError.is(error) && error.retryAt !== null) return Math.max(0, error.retryAt - now());
  return Math.min(FIRST_DELAY_MS * 2 ** failureCount, LONGEST_DELAY_MS);
}
