import { useFleet } from '../use-fleet.ts';
import { useSnapshot } from '../use-session.ts';
import { ActivityList } from './ActivityList.tsx';
import { InstanceLane } from './InstanceLane.tsx';

const STORES = { file: 'files', redis: 'Redis' } as const;

/** The instances of the server, which keep the session and its tokens. */
export function ServerCard() {
  const { data: fleet, isError } = useFleet();
  const { refresh } = useSnapshot();
  return (
    <section className="card fleet" aria-labelledby="fleet">
      <div className="fleet__head">
        <h2 id="fleet">Session on the server</h2>
        <p className="token__chips">
          <span className="chip">no token in this page</span>
          {fleet ? <span className="chip">store: {STORES[fleet.store]}</span> : null}
          {refresh.state === 'idle' ? null : <span className="chip" data-state={refresh.state}>{refresh.state === 'running' ? 'asking the server' : 'waiting to retry'}</span>}
        </p>
      </div>
      <p className="problem" role="alert">
        {isError ? 'The instances cannot be reached. Is the demo still running?' : ''}
      </p>
      <ul className="fleet__lanes" aria-label="Instances">
        {fleet?.instances.map((instance) => <InstanceLane key={instance.number} instance={instance} now={fleet.now} />)}
      </ul>
      <p className="fleet__axis" aria-hidden="true">
        <span>1 min ago</span>
        <span className="fleet__legend">
          <i data-kind="request" /> request <i data-kind="refresh" /> refresh <i data-kind="failed" /> failed <i data-kind="down" /> stopped
        </span>
        <span>now</span>
      </p>
      <ActivityList />
    </section>
  );
}
