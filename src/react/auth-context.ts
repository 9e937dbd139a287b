import { createContext, useContext } from 'react';
import type { AuthClient } from '../core/auth-client.ts';
import { AuthError } from '../core/model/auth-error.ts';

/** What a provider gives: another object for each session alone, so that a refresh renders nobody. */
export interface Provided {
  readonly client: AuthClient;
  /** Nobody reads it here: its change alone reaches what a hidden <Activity> keeps, which listens to no client. */
  readonly sessionId: string | null;
}

export const AuthContext = createContext<Provided | null>(null);

/**
 * The client of the nearest `AuthProvider`.
 *
 * @throws AuthError `invalid_config` without one
 */
export function useAuthClient(): AuthClient {
  const provided = useContext(AuthContext);
  if (provided) return provided.client;
  throw new AuthError('invalid_config', 'There is no <AuthProvider> above this component; wrap the tree in one.', { field: 'AuthProvider' });
}
