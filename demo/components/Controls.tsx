import { controlApi, type ControlApi } from '../control-api.ts';
import { useControlState } from '../use-control.ts';
import { useSessionKey } from '../use-session.ts';
import { ApiLog } from './ApiLog.tsx';
import { ControlsUnavailable } from './ControlsUnavailable.tsx';
import { EndingControl } from './EndingControl.tsx';
import { FaultControl } from './FaultControl.tsx';
import { SettingsControl } from './SettingsControl.tsx';

/** Settings, faults and the log of the embedded API. */
export function Controls() {
  return controlApi === null ? <ControlsUnavailable /> : <EmbeddedApi api={controlApi} />;
}

function EmbeddedApi({ api }: { readonly api: ControlApi }) {
  const { data: state, isError } = useControlState(api);
  const signedIn = useSessionKey() !== null;
  return (
    <aside className="card controls" aria-labelledby="controls">
      <h2 id="controls">API controls</h2>
      <p className="problem" role="alert">
        {isError ? 'The API’s controls cannot be reached. Is the demo still running?' : ''}
      </p>
      {state ? <SettingsControl api={api} settings={state.settings} /> : null}
      <FaultControl api={api} faults={state?.faults ?? []} signedIn={signedIn} />
      <EndingControl api={api} signedIn={signedIn} />
      {state ? <ApiLog counts={state.counts} runs={state.runs} /> : null}
    </aside>
  );
}
