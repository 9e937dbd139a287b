import { SignedOut, useAuth } from 'unexpired';
import { controlApi } from '../control-api.ts';
import { useSessionKey } from '../use-session.ts';
import { Camp } from './Camp.tsx';
import { Controls } from './Controls.tsx';
import { ControlsUnavailable } from './ControlsUnavailable.tsx';
import { Flame } from './Flame.tsx';
import { SignInCard } from './SignInCard.tsx';

/** The page: whoever is there, and the API's controls beside it. */
export function App() {
  const { status } = useAuth();
  const sessionKey = useSessionKey();
  if (status === 'loading') return <p className="placeholder">Looking for your session…</p>;
  const controls = controlApi ? <Controls api={controlApi} /> : <ControlsUnavailable />;
  return (
    <>
      <SignedOut>
        <header className="masthead masthead--out">
          <p className="brand">
            <Flame /> Bonfire
          </p>
        </header>
        <main className="layout layout--out">
          <SignInCard />
          {controls}
        </main>
      </SignedOut>
      {sessionKey === null ? null : <Camp key={sessionKey} controls={controls} />}
    </>
  );
}
