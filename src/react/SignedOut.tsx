import type { ReactNode } from 'react';
import { useSnapshot } from './use-snapshot.ts';

/**
 * Shows its children while nobody is signed in; nothing while that is still being read from storage.
 *
 * @throws AuthError `invalid_config` outside an `AuthProvider`
 */
export function SignedOut({ children }: { readonly children?: ReactNode }): ReactNode {
  return useSnapshot((snapshot) => snapshot.status === 'signedOut') ? children : null;
}
