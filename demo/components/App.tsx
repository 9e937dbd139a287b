import { SignedOut, useAuth } from 'unexpired';
import { useSessionKey } from '../use-session.ts';
import { RefreshNotice } from './RefreshNotice.tsx';
import { SignedInPage } from './SignedInPage.tsx';
import { SignedOutPage } from './SignedOutPage.tsx';

/** The page for the session's status; another session gets a page of its own. */
export function App() {
  const { status } = useAuth();
  const sessionKey = useSessionKey();
  if (status === 'loading') return <Loading />;
  return (
    <>
      <SignedOut>
        <SignedOutPage />
      </SignedOut>
      {sessionKey === null ? null : <SignedInPage key={sessionKey} />}
    </>
  );
}

/** Shown until it is known whether a user is signed in. If a cookie may have a session, only the API can say so. */
function Loading() {
  return (
    <main className="placeholder">
      <p>Loading the session…</p>
      <RefreshNotice />
    </main>
  );
}
