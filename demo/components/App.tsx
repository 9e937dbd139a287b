import { SignedOut, useAuth } from 'unexpired';
import { useSessionKey } from '../use-session.ts';
import { SignedInPage } from './SignedInPage.tsx';
import { SignedOutPage } from './SignedOutPage.tsx';

/** The page for the session's status; another session gets a page of its own. */
export function App() {
  const { status } = useAuth();
  const sessionKey = useSessionKey();
  if (status === 'loading') return <p className="placeholder">Loading the session…</p>;
  return (
    <>
      <SignedOut>
        <SignedOutPage />
      </SignedOut>
      {sessionKey === null ? null : <SignedInPage key={sessionKey} />}
    </>
  );
}
