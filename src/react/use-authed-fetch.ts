import { useCallback, useInsertionEffect, useRef } from 'react';
import type { AuthClient, FetchOptions } from '../core/auth-client.ts';
import type { InterceptorEntry } from '../core/request/interceptors.ts';
import { useAuthClient } from './auth-context.ts';

const NONE: readonly InterceptorEntry[] = [];

/** The options of `useAuthedFetch`. */
export interface AuthedFetchOptions extends FetchOptions {
  /** Additional interceptors. They run inside those of the client, and may change at each render. */
  readonly interceptors?: readonly InterceptorEntry[];
}

/**
 * Returns a `fetch` with the session's access token. It refreshes an expired token first. If the API rejects the token
 * (error code 450), it refreshes and retries the request once.
 *
 * @param options `interceptors`: additional interceptors for the calls of this component; `session`: `optional` for public content
 * @returns a stable function with the signature of `fetch`; a path continues the base URL
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
export function useAuthedFetch({ interceptors = NONE, session }: AuthedFetchOptions = {}): typeof globalThis.fetch {
  const client = useAuthClient();
  const latest = useRef<Parameters<AuthClient['fetchWith']>>([interceptors, { session }]);
  useInsertionEffect(() => {
    latest.current = [interceptors, { session }];
  });
  return useCallback((input, ...init) => client.fetchWith(...latest.current)(input, ...init), [client]);
}
