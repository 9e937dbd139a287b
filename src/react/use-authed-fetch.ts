import { useCallback, useInsertionEffect, useRef } from 'react';
import type { InterceptorEntry } from '../core/request/interceptors.ts';
import { useAuthClient } from './auth-context.ts';

const NONE: readonly InterceptorEntry[] = [];

/** What a component adds to its calls. */
export interface AuthedFetchOptions {
  /** Inside those of the client; they may be other functions at each render. */
  readonly interceptors?: readonly InterceptorEntry[];
}

/**
 * `fetch` with the session's access token: refreshed before it is expired, and after error code 450 refreshed and sent once more.
 *
 * @returns a function of one identity for the component's life, with `fetch`'s signature; a path continues the base URL
 * @throws AuthError `invalid_config` outside an `AuthProvider`
 * @see the Bonfire document, error code 450
 * @example
 * ```tsx
 * import { useAuthedFetch } from 'unexpired';
 * function Publish({ text }: { text: string }) {
 *   const authedFetch = useAuthedFetch();
 *   const publish = () => authedFetch('/users/me/posts', { method: 'POST', body: new URLSearchParams({ text }) });
 *   return <button onClick={() => void publish()}>Publish</button>;
 * }
 * ```
 */
export function useAuthedFetch({ interceptors = NONE }: AuthedFetchOptions = {}): typeof globalThis.fetch {
  const client = useAuthClient();
  const latest = useRef(interceptors);
  useInsertionEffect(() => {
    latest.current = interceptors;
  });
  return useCallback((input, init) => client.fetchWith(latest.current)(input, init), [client]);
}
