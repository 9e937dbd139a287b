import { useState } from 'react';
import { AuthError, useAuth } from 'unexpired';
import { grantOf } from '../auth.ts';
import { useArrivalFocus } from '../use-arrival-focus.ts';
import { BOTS, HAS_PLACES, PLACE } from '../environment.ts';
import { endWords, problemWords } from '../words.ts';
import { Avatar } from './Avatar.tsx';
import { PlaceSwitch } from './PlaceSwitch.tsx';

/** Signs in as one of the bots, and says why the last session ended. */
export function SignInCard() {
  const { signIn, endReason } = useAuth();
  const [busyBot, setBusyBot] = useState<string | null>(null);
  const [problem, setProblem] = useState('');
  const heading = useArrivalFocus<HTMLHeadingElement>(() => endReason !== null);

  async function enter(botId: string) {
    if (busyBot !== null) return;
    setBusyBot(botId);
    setProblem('');
    try {
      await signIn(grantOf(botId));
    } catch (error) {
      // Another tab has signed in first, and its session is shown here, too.
      if (!(AuthError.is(error) && error.code === 'session_changed')) setProblem(problemWords(error));
      setBusyBot(null);
    }
  }

  return (
    <section className="card welcome" aria-labelledby="welcome">
      <h1 id="welcome" ref={heading} tabIndex={-1}>Sign in to Bonfire</h1>
      {endReason === null ? null : <Ending reason={endReason} />}
      <p className="lead">A feed whose access token lives for 30 seconds, so that you can watch it being refreshed.</p>
      <PlaceSwitch />
      <ul className="bots">
        {BOTS.map(({ id, name, about }) => (
          <li key={id}>
            <button type="button" className="bot" aria-disabled={busyBot !== null} onClick={() => void enter(id)}>
              <Avatar username={id} name={name} />
              <span>
                <strong>{busyBot === id ? `Signing in as ${name}…` : `Sign in as ${name}`}</strong>
                <span className="muted">{about}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p className="problem" role="alert">
        {problem}
      </p>
      <div className="tries">
        <h2>Then try this</h2>
        <ol>
          <li>Press “Revoke and call”. The API rejects the token, the client refreshes once and replays the call.</li>
          <li>Open a second tab. One tab refreshes, the other one uses the same new token.</li>
          <li>Apply a fault to the refresh. You stay signed in, and the client retries.</li>
          {HAS_PLACES ? <li>Press “Read tokens” with the tokens in the page, and again in the cookie.</li> : null}
          {PLACE === 'server' ? <li>Stop an instance in the middle of a refresh. The other one goes on with the session.</li> : null}
        </ol>
      </div>
    </section>
  );
}

function Ending({ reason }: { readonly reason: Parameters<typeof endWords>[0] }) {
  const { title, text } = endWords(reason);
  return (
    <p className="notice" role="status">
      <strong>{title}</strong> {text}
    </p>
  );
}
