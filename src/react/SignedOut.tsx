import type { ReactNode } from 'react';
import { useSnapshot } from './use-snapshot.ts';

/**
 * Shows its children while no user is signed in, and nothing while the session is loading.
 *
 * @throws AuthError `invalid_config` outside an `AuthProvider`
 * @example
 * ```tsx
 * import { SignedOut } from 'unexpired';
 * const page = <SignedOut>Please sign in</SignedOut>;
 * ```
 */
export function SignedOut({ children }: { readonly children?: ReactNode }): ReactNode {
  return useSnapshot((snapshot) => snapshot.status === 'signedOut') ? children : null;
}
