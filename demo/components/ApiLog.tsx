import type { CallSummary } from '../server/call-summary.ts';
import type { ControlState } from '../server/control.ts';

interface ApiLogProps {
  readonly counts: ControlState['counts'];
  readonly calls: readonly CallSummary[];
}

/** What the API saw, over all tabs: tokens are numbers here, none of them is shown. */
export function ApiLog({ counts, calls }: ApiLogProps) {
  return (
    <section className="log" aria-labelledby="log">
      <h3 id="log">What the API saw</h3>
      <p className="muted">
        Refreshes: {counts.refreshes}, at most {counts.maxConcurrentRefreshes} at once. Refresh tokens used twice: {counts.reuses}. Access
        tokens refused: {counts.rejections}.
      </p>
      <ol className="log__list">
        {[...calls].reverse().map((call) => (
          <li key={call.id} data-refused={call.status !== 'pending' && !(Number(call.status) < 400)} data-endpoint={call.endpoint}>
            <span className="log__call">
              {call.method} {call.path}
            </span>
            <span className="log__token">{tokenWords(call)}</span>
            <span className="log__status">{call.errorCode === null ? call.status : `${call.status} · ${call.errorCode}`}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function tokenWords({ token, refreshToken }: CallSummary): string {
  if (refreshToken !== null) return `refresh token ${refreshToken}`;
  if (token === 'app') return 'App Key';
  return token === null ? '' : `token ${token}`;
}
