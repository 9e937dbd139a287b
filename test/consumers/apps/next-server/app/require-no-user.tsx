'use client';

import { useRouter } from 'next/navigation';
import { useEffect, type ReactNode } from 'react';
import { SignedOut, useAuth } from 'unexpired';

/** Shows its children while no user is signed in, and sends a signed-in user to the page in `to`. */
export function RequireNoUser({ children }: { children: ReactNode }) {
  const { status } = useAuth();
  const router = useRouter();

  useEffect(() => {
    if (status !== 'signedIn') return;
    const to = new URL(new URLSearchParams(location.search).get('to') ?? '/', location.origin);
    router.replace(to.origin === location.origin ? to.pathname + to.search : '/'); // Never to another site.
  }, [status, router]);

  return <SignedOut>{children}</SignedOut>;
}
