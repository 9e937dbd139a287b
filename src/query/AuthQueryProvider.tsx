import { isServer, QueryClientProvider, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useLayoutEffect, useMemo, useReducer, useSyncExternalStore, type ReactElement, type ReactNode } from 'react';
import type { AuthClient } from '../core/auth-client.ts';
import { LOADING_SNAPSHOT } from '../core/model/snapshot.ts';
import { AuthQueryContext } from './auth-query-context.ts';
import { createSessionBinding } from './session-binding.ts';

// React 18 warns of the other one on a server.
const useBeforePaint = isServer ? useEffect : useLayoutEffect;

export interface AuthQueryProviderProps {
  /** The client that `AuthProvider` has, given here as well: the two entries share no context, so either works alone. */
  readonly client: AuthClient;
  /** Left out, that of the nearest `QueryClientProvider`. */
  readonly queryClient?: QueryClient;
  readonly children?: ReactNode;
}

/**
 * Lets the query cache follow the session, as {@link bindQueryClient} does, and gives the authed hooks below both.
 *
 * @throws Error of TanStack without any `queryClient`
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
 *     <AuthQueryProvider client={auth} queryClient={queryClient}>…</AuthQueryProvider>
 *   </AuthProvider>
 * );
 * ```
 */
export function AuthQueryProvider({ client, queryClient: given, children }: AuthQueryProviderProps): ReactElement {
  const queryClient = useQueryClient(given);
  const binding = useMemo(() => createSessionBinding(client, queryClient), [client, queryClient]);
  const [, renderAgain] = useReducer((count: number) => count + 1, 0);
  // What a hidden <Activity> was hidden with is seen before the effect below runs: nothing of a former user may be in it.
  useBeforePaint(() => binding.subscribe(renderAgain), [binding]);
  const session = useSyncExternalStore(binding.subscribe, binding.getSession, () => LOADING_SNAPSHOT);
  const value = useMemo(() => ({ client, queryClient, session }), [client, queryClient, session]);
  return (
    <QueryClientProvider client={queryClient}>
      <AuthQueryContext.Provider value={value}>{children}</AuthQueryContext.Provider>
    </QueryClientProvider>
  );
}
