import type { ReactNode } from 'react';
import { useSnapshot } from './use-snapshot.ts';

/**
 * Shows its children while a user is signed in, and nothing while the session is loading.
 *
 * @throws AuthError `invalid_config` outside an `AuthProvider`
 * @example
 * ```tsx
 * import { SignedIn } from 'unexpired';
 * const page = <SignedIn>Welcome back</SignedIn>;
 * ```
 */
export function SignedIn({ children }: { readonly children?: ReactNode }): ReactNode {
  return useSnapshot((snapshot) => snapshot.status === 'signedIn') ? children : null;
}
