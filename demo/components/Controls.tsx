import { useId, useState } from 'react';
import type { ControlApi } from '../control-api.ts';
import { useControl, useControlState } from '../use-control.ts';
import { useSessionKey } from '../use-session.ts';
import { ApiLog } from './ApiLog.tsx';
import { BurstControl } from './BurstControl.tsx';
import { Button } from './Button.tsx';
import { EndingControl } from './EndingControl.tsx';
import { FaultControl } from './FaultControl.tsx';
import { SettingsControl } from './SettingsControl.tsx';

/** The other side: what can be done to the API, and what the API saw. */
export function Controls({ api }: { readonly api: ControlApi }) {
  const { data: state, isError } = useControlState(api);
  const signedIn = useSessionKey() !== null;
  const why = useId();
  const whyNot = signedIn ? undefined : why;
  const rejections = state?.counts.rejections ?? 0;
  const [done, setDone] = useState({ text: '', rejections });
  const tell = (text: string) => setDone({ text, rejections });
  const revoke = useControl(async () => {
    await api.revoke();
    tell('Revoked. The next call finds out: post something, or reload the feed.');
  });
  return (
    <aside className="card controls" aria-labelledby="controls">
      <div className="row">
        <h2 id="controls">Play the API</h2>
        <a href="/" target="_blank" rel="noopener">
          Open a second tab
        </a>
      </div>
      {signedIn ? (
        <p className="muted">Break something. Whoever is at the fire should not notice.</p>
      ) : (
        <p id={why} className="muted">
          What is grey needs a session: sign in first.
        </p>
      )}
      <p className="problem" role="alert">
        {isError ? 'The API’s controls cannot be reached. Is the demo still running?' : ''}
      </p>
      <Button className="button--main button--big" busy={revoke.isPending} whyNot={whyNot} onClick={() => revoke.mutate(undefined)}>
        Revoke the access token
      </Button>
      <BurstControl whyNot={whyNot} revoke={api.revoke} />
      <p className="controls__done" role="status">
        {done.rejections === rejections && done.text /* Over once a call has found out. */}
      </p>
      {state ? <SettingsControl api={api} settings={state.settings} /> : null}
      <FaultControl api={api} faults={state?.faults ?? []} whyNot={whyNot} />
      <EndingControl api={api} whyNot={whyNot} onDone={tell} />
      {state ? <ApiLog counts={state.counts} runs={state.runs} /> : null}
    </aside>
  );
}
