import { useMemo } from 'react';
import type { AuthClient } from '../core/auth-client.ts';
import type { AuthSnapshot } from '../core/model/snapshot.ts';
import { useAuthClient } from './auth-context.ts';
import { useSnapshot } from './use-snapshot.ts';

/** The session's status, and the functions that change it. */
export interface Auth extends Pick<AuthSnapshot, 'status' | 'endReason' | 'sessionId'>, Pick<AuthClient, 'signIn' | 'signOut'> {
  readonly client: AuthClient;
}

/**
 * Returns the session's status. Refreshes do not re-render.
 *
 * `sessionId` is `null` while no user is signed in, and new after each sign-in. Use it as the `key` of a component that
 * keeps state of one user.
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
  const sessionId = useSnapshot((snapshot) => snapshot.sessionId);
  return useMemo(() => ({ status, endReason, sessionId, signIn: client.signIn, signOut: client.signOut, client }), [status, endReason, sessionId, client]);
}
