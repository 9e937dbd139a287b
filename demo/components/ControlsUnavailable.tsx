import { API_URL } from '../environment.ts';

/** In place of the controls when the API is not the embedded one. */
export function ControlsUnavailable() {
  return (
    <aside className="card controls" aria-labelledby="controls">
      <h2 id="controls">The API's controls</h2>
      <p className="muted">
        This page talks to <code>{API_URL}</code>, which has no controls. Start the demo without <code>API_URL</code> to revoke tokens, end
        sessions and break the network.
      </p>
    </aside>
  );
}
