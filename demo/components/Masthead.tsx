import { useState } from 'react';
import { useAuth } from 'unexpired';
import { useMe } from '../use-bonfire.ts';
import { problemWords } from '../words.ts';
import { Avatar } from './Avatar.tsx';
import { Logo } from './Logo.tsx';

/** The signed-in user and the sign-out. */
export function Masthead() {
  const { signOut } = useAuth();
  const { data: me } = useMe();
  const [problem, setProblem] = useState('');
  const leave = () => void signOut().catch((error: unknown) => setProblem(problemWords(error)));
  return (
    <header className="masthead">
      <h1 className="brand">
        <Logo />
      </h1>
      <div className="masthead__user">
        {me ? (
          <>
            <Avatar username={me.attributes.username} name={me.attributes.display_name} />
            <span>
              <span className="visually-hidden">Signed in as </span>
              {me.attributes.display_name}
            </span>
          </>
        ) : (
          <span className="muted">…</span>
        )}
        <button type="button" className="button" onClick={leave}>
          Sign out
        </button>
      </div>
      <p className="problem" role="alert">
        {problem}
      </p>
    </header>
  );
}
