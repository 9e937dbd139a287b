import { createContext, useContext } from 'react';
import type { AuthClient } from '../core/auth-client.ts';
import { invalidSetting } from '../core/model/auth-error.ts';

/** The context of a provider. It changes only with the session, so a refresh does not re-render its consumers. */
export interface Provided {
  readonly client: AuthClient;
  /** Not read by any consumer. Its change re-renders a hidden <Activity>, whose effects are unmounted. */
  readonly sessionId: string | null;
}

export const AuthContext = createContext<Provided | null>(null);

/**
 * Returns the client of the nearest `AuthProvider`.
 *
 * @throws AuthError `invalid_config` if there is none
 */
export function useAuthClient(): AuthClient {
  const provided = useContext(AuthContext);
  if (provided) return provided.client;
  throw invalidSetting('AuthProvider', provided);
}
