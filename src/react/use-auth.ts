import { useMemo } from 'react';
import type { AuthClient } from '../core/auth-client.ts';
import type { AuthSnapshot } from '../core/model/snapshot.ts';
import { useAuthClient } from './auth-context.ts';
import { useSnapshot } from './use-snapshot.ts';

/** The status of the session and the ways to change it. */
export interface Auth extends Pick<AuthSnapshot, 'status' | 'endReason'>, Pick<AuthClient, 'signIn' | 'signOut'> {
  readonly client: AuthClient;
}

/**
 * Reads who is there; a refresh renders nothing here.
 *
 * @throws AuthError `invalid_config` outside an `AuthProvider`
 * @example
 * ```tsx
 * import { useAuth } from 'unexpired';
 * function Account() {
 *   const { status, endReason, signOut } = useAuth();
 *   if (status === 'signedIn') return <button onClick={() => void signOut()}>Sign out</button>;
 *   return <p>{endReason === 'suspended' ? 'Your profile is suspended.' : 'Please sign in.'}</p>;
 * }
 * ```
 */
export function useAuth(): Auth {
  const client = useAuthClient();
  const status = useSnapshot((snapshot) => snapshot.status);
  const endReason = useSnapshot((snapshot) => snapshot.endReason);
  return useMemo(() => ({ status, endReason, signIn: client.signIn, signOut: client.signOut, client }), [status, endReason, client]);
}
