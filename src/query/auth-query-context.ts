import type { QueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import type { AuthClient } from '../core/auth-client.ts';
import { invalidSetting } from '../core/model/auth-error.ts';
import type { CacheSession } from './cache-session.ts';

/** The context of `AuthQueryProvider`. It changes only with the session, so a refresh does not re-render its consumers. */
export interface AuthQuery {
  readonly client: AuthClient;
  readonly queryClient: QueryClient;
  readonly session: CacheSession;
}

export const AuthQueryContext = createContext<AuthQuery | null>(null);

/**
 * Returns the context of the nearest `AuthQueryProvider`.
 *
 * @throws AuthError `invalid_config` if there is none
 */
export function useAuthQuery(): AuthQuery {
  const value = useContext(AuthQueryContext);
  if (value) return value;
  throw invalidSetting('AuthQueryProvider', value);
}
