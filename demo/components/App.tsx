import { SessionEndWarning, SessionLost, SignedInOrHeld, useAuth } from 'unexpired';
import { useLimitSettings } from '../use-session.ts';
import { LostDialog } from './LostDialog.tsx';
import { RefreshNotice } from './RefreshNotice.tsx';
import { SignedInPage } from './SignedInPage.tsx';
import { SignedOutPage } from './SignedOutPage.tsx';

/** The page for the session's status. Another user gets a page of its own. */
export function App() {
  const { status } = useAuth();
  const { idleMs } = useLimitSettings();
  if (status === 'loading') return <Loading />;
  return (
    <>
      <SignedInOrHeld fallback={<SignedOutPage />} showHeld>
        <SignedInPage />
      </SignedInOrHeld>
      <SessionLost>{(lost) => <LostDialog {...lost} />}</SessionLost>
      <SessionEndWarning key={idleMs} className="card lost lost__warning" />
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
