'use client';

import { usePathname, useRouter } from 'next/navigation';
import { useEffect, type ReactNode } from 'react';
import { SignedIn, useAuth } from 'unexpired';

/** Shows its children while a user is signed in. Otherwise it goes to the sign-in page. */
export function RequireUser({ children }: { children: ReactNode }) {
  const { status } = useAuth();
  const router = useRouter();
  const pathname = usePathname();

  useEffect(() => {
    if (status === 'signedOut') router.replace(`/sign-in?to=${encodeURIComponent(pathname)}`);
  }, [status, router, pathname]);

  return <SignedIn>{children}</SignedIn>;
}
