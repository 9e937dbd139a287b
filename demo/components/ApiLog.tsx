import type { CallRun } from '../server/call-run.ts';
import type { ControlState } from '../server/control.ts';
import { Tally } from './Tally.tsx';

/** What the API saw, over all tabs: tokens are numbers here, none of them is shown. */
export function ApiLog({ counts, runs }: Pick<ControlState, 'counts' | 'runs'>) {
  return (
    <section className="log" aria-labelledby="log">
      <h3 id="log">What the API saw</h3>
      <dl className="tallies">
        <Tally name="Refreshes granted" value={counts.refreshes} />
        <Tally name="Most at once" value={counts.maxConcurrentRefreshes} />
        <Tally name="Tokens refused" value={counts.rejections} />
        <Tally name="Used twice" value={counts.reuses} />
      </dl>
      <ol className="log__list">
        {[...runs].reverse().map((run) => (
          <li key={run.id} data-refused={run.status !== 'pending' && !(Number(run.status) < 400)} data-endpoint={run.endpoint}>
            <span className="log__call">
              {run.method} {run.path}
              {run.times === 1 ? null : <strong> × {run.times}</strong>}
            </span>
            <span className="log__token">{tokenWords(run)}</span>
            <span className="log__status">{run.errorCode === null ? run.status : `${run.status} · ${run.errorCode}`}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function tokenWords({ token, refreshToken }: CallRun): string {
  if (refreshToken !== null) return `a refresh, with refresh token ${refreshToken}`;
  if (token === 'app') return 'with the App Key';
  return token === null ? '' : `with token ${token}`;
}
