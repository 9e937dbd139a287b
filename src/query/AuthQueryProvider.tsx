import { isServer, QueryClientProvider, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useLayoutEffect, useMemo, useReducer, useSyncExternalStore, type ReactElement, type ReactNode } from 'react';
import { useAuthClient } from '../react/auth-context.ts';
import { AuthQueryContext } from './auth-query-context.ts';
import type { CacheSession } from './cache-session.ts';
import { createSessionBinding } from './session-binding.ts';

// React 18 warns about layout effects on a server.
const useBeforePaint = isServer ? useEffect : useLayoutEffect;

/** The session of a server, which has none. */
const SERVER_SESSION: CacheSession = { status: 'loading', sessionId: null };

/** The props of `AuthQueryProvider`. */
export interface AuthQueryProviderProps {
  /** The cache. Default: that of the nearest `QueryClientProvider`. */
  readonly queryClient?: QueryClient;
  readonly children?: ReactNode;
}

/**
 * Makes a query cache follow the session of the `AuthProvider` above it, and provides both to the hooks below it.
 *
 * It takes the client from that `AuthProvider`. {@link bindQueryClient} describes what happens to the cache.
 *
 * @param props `queryClient`: the cache, which is also provided to TanStack's own hooks
 * @throws AuthError `invalid_config` outside an `AuthProvider`. TanStack's own error if there is no query client
 * @example
 * ```tsx
 * import { QueryClient } from '@tanstack/react-query';
 * import { AuthProvider, createAuthClient } from 'unexpired';
 * import { bonfire } from 'unexpired/bonfire';
 * import { AuthQueryProvider } from 'unexpired/query';
 * const auth = createAuthClient({ protocol: bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' }) });
 * const queryClient = new QueryClient();
 * const app = (
 *   <AuthProvider client={auth}>
 *     <AuthQueryProvider queryClient={queryClient}>…</AuthQueryProvider>
 *   </AuthProvider>
 * );
 * ```
 */
export function AuthQueryProvider({ queryClient: given, children }: AuthQueryProviderProps): ReactElement {
  const client = useAuthClient();
  const queryClient = useQueryClient(given);
  const binding = useMemo(() => createSessionBinding(client, queryClient), [client, queryClient]);
  const [, renderAgain] = useReducer((count: number) => count + 1, 0);
  // A hidden <Activity> is shown before passive effects run, so a former user's data must be cleared before paint.
  useBeforePaint(() => binding.subscribe(renderAgain), [binding]);
  const session = useSyncExternalStore(binding.subscribe, binding.getSession, () => SERVER_SESSION);
  const value = useMemo(() => ({ client, queryClient, session }), [client, queryClient, session]);
  return (
    <QueryClientProvider client={queryClient}>
      <AuthQueryContext.Provider value={value}>{children}</AuthQueryContext.Provider>
    </QueryClientProvider>
  );
}
