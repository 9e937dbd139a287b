import type { CallRun } from '../server/call-run.ts';
import type { ControlState } from '../server/control.ts';
import { Tally } from './Tally.tsx';

/** The API's own log, over all tabs. Tokens are shown as numbers. */
export function ApiLog({ counts, runs }: Pick<ControlState, 'counts' | 'runs'>) {
  return (
    <section className="log" aria-labelledby="log">
      <h3 id="log">API log</h3>
      <dl className="tallies">
        <Tally name="Refreshes" value={counts.refreshes} />
        <Tally name="Peak concurrent" value={counts.maxConcurrentRefreshes} />
        <Tally name="Rejected tokens" value={counts.rejections} />
        <Tally name="Token reuse" value={counts.reuses} />
      </dl>
      <ol className="log__list">
        {[...runs].reverse().map((run) => (
          <li key={run.id} data-state={stateOf(run)}>
            <span className="log__call">
              {run.method} {run.path}
              {run.times === 1 ? null : <strong> × {run.times}</strong>}
            </span>
            <span className="log__token">{tokenWords(run)}</span>
            <span className="log__status">{run.errorCode === null ? run.status : `${run.status}, error ${run.errorCode}`}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function stateOf({ status, errorCode }: CallRun): 'pending' | 'good' | 'rejected' | 'failed' {
  if (status === 'pending' || status === 'hanging') return 'pending';
  if (errorCode === 450) return 'rejected';
  return Number(status) < 400 ? 'good' : 'failed';
}

function tokenWords({ token, refreshToken }: CallRun): string {
  if (refreshToken !== null) return `refresh token ${refreshToken}`;
  if (token === 'app') return 'App Key';
  return token === null ? '' : `access token ${token}`;
}
