import { createContext, useContext } from 'react';
import type { AuthClient } from '../core/auth-client.ts';
import { invalidSetting } from '../core/model/auth-error.ts';
import type { AuthSnapshot } from '../core/model/snapshot.ts';

/** The context of a provider. It changes only with the session, so a refresh does not re-render its consumers. */
export interface Provided {
  readonly client: AuthClient;
  /** What components show while the client is loading. */
  readonly initial: AuthSnapshot;
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
  return useProvided().client;
}

/**
 * Returns what the nearest `AuthProvider` provides.
 *
 * @throws AuthError `invalid_config` if there is none
 */
export function useProvided(): Provided {
  const provided = useContext(AuthContext);
  if (provided) return provided;
  throw invalidSetting('AuthProvider', provided);
}

/** Returns the snapshot that components show: that of the server while the client is loading. */
export function shownSnapshot({ client, initial }: Provided): AuthSnapshot {
  const snapshot = client.getSnapshot();
  return snapshot.status === 'loading' ? { ...initial, refresh: snapshot.refresh } : snapshot;
}
