import type { QueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import type { AuthClient } from '../core/auth-client.ts';
import { AuthError } from '../core/model/auth-error.ts';
import type { CacheSession } from './session-binding.ts';

/** What the hooks of this entry need; a new object for each session alone, so that a refresh renders nobody. */
export interface AuthQuery {
  readonly client: AuthClient;
  readonly queryClient: QueryClient;
  readonly session: CacheSession;
}

export const AuthQueryContext = createContext<AuthQuery | null>(null);

/** @throws AuthError `invalid_config` outside an `AuthQueryProvider` */
export function useAuthQuery(): AuthQuery {
  const value = useContext(AuthQueryContext);
  if (value) return value;
  throw new AuthError('invalid_config', 'There is no <AuthQueryProvider> above this component; wrap the tree in one.', { field: 'AuthQueryProvider' });
}
