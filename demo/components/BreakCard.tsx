import { useId, useState } from 'react';
import { controlApi } from '../control-api.ts';
import { PLACE } from '../environment.ts';
import { useSessionKey } from '../use-session.ts';
import type { BreakAction } from './break-action.ts';
import { BurstControl } from './BurstControl.tsx';
import { CrashControl } from './CrashControl.tsx';
import { RevokeControl } from './RevokeControl.tsx';

/** The main case: the API rejects the token of a call, or of many at once. Empty if the API has no controls. */
export function BreakCard() {
  const signedIn = useSessionKey() !== null;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const why = useId();
  if (controlApi === null) return null;

  async function run(action: () => Promise<void>) {
    setBusy(true);
    setProblem('');
    await action().catch(() => setProblem('The API’s controls cannot be reached.'));
    setBusy(false);
  }

  const shared: BreakAction = { revoke: controlApi.revoke, run: (action) => void run(action), busy, whyNot: signedIn ? undefined : why };
  return (
    <section className="card break" aria-labelledby="break">
      <h2 id="break">{PLACE === 'server' ? 'Break the API and the server' : 'Break the API'}</h2>
      <p className="muted" id={why}>
        {signedIn ? 'Revoke the token at the API. The call still gets its answer.' : 'Sign in to use these buttons.'}
      </p>
      <RevokeControl {...shared} />
      <BurstControl {...shared} />
      {PLACE === 'server' ? <CrashControl {...shared} api={controlApi} /> : null}
      <p className="problem" role="alert">
        {problem}
      </p>
      <p className="break__links">
        <a href={`?tokens=${PLACE}`} target="_blank" rel="noopener">
          Open a second tab
        </a>
        <a className="jump" href="#controls">
          More controls
        </a>
      </p>
    </section>
  );
}
