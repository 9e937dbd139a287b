import { createContext, useContext } from 'react';
import type { AuthClient } from '../core/auth-client.ts';
import { AuthError } from '../core/model/auth-error.ts';

/** Carries the client alone: its identity never changes, so a context update never renders anybody. */
export const AuthContext = createContext<AuthClient | null>(null);

/**
 * The client of the nearest `AuthProvider`.
 *
 * @throws AuthError `invalid_config` without one
 */
export function useAuthClient(): AuthClient {
  const client = useContext(AuthContext);
  if (client) return client;
  throw new AuthError('invalid_config', 'There is no <AuthProvider> above this component; wrap the tree in one.', { field: 'AuthProvider' });
}
