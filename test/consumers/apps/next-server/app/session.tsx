'use client';

import { useRouter } from 'next/navigation';
import { useEffect, type ReactNode } from 'react';
import { AuthProvider, createAuthClient, useAccessToken, useAuth } from 'unexpired';
import { AuthDevtools } from 'unexpired/devtools';
import type { SessionSnapshot } from 'unexpired/server';
import { watchServer } from 'unexpired/via-server';
import { protocol } from './protocol';

const auth = createAuthClient({ protocol });

export function Session({ rendered, children }: { rendered: SessionSnapshot; children: ReactNode }) {
  useEffect(() => watchServer(auth), []);
  return (
    <AuthProvider client={auth} initialSession={rendered}>
      <FollowSession rendered={rendered.session} />
      {children}
      <AuthDevtools client={auth} />
    </AuthProvider>
  );
}

/** Returns the public name of the session that the page has now. `undefined` means that it is not known yet. */
function useSessionName() {
  const { status } = useAuth();
  const { extra } = useAccessToken();
  if (status === 'loading') return undefined;
  return status === 'signedIn' ? extra?.session : null;
}

/** Lets the server render the page again if it was rendered for another session than the one that is there now. */
function FollowSession({ rendered }: { rendered: string | null }) {
  const current = useSessionName();
  const router = useRouter();

  useEffect(() => {
    if (current !== undefined && current !== rendered) router.refresh();
  }, [current, rendered, router]);

  return null;
}

/** Shows what the server has rendered for a session, while the page has that session. */
export function ForSession({ session, children }: { session: string; children: ReactNode }) {
  return useSessionName() === session ? children : null;
}
