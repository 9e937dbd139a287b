'use client';

import { useRouter } from 'next/navigation';
import { useEffect, type ReactNode } from 'react';
import { SignedOut, useAuth } from 'unexpired';

/** Shows its children to a user who is signed out; one who is signed in goes where they wanted to go. */
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
