import { API_URL } from '../environment.ts';

/** Says why there are no controls: the API is not the embedded one. */
export function ControlsUnavailable() {
  return (
    <aside className="card controls" aria-labelledby="controls">
      <h2 id="controls">API controls</h2>
      <p className="muted">
        This page uses <code>{API_URL}</code>, which has no controls. To revoke tokens, end sessions and apply faults, start the demo without{' '}
        <code>API_URL</code>.
      </p>
    </aside>
  );
}
