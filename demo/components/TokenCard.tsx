import type { RefreshSnapshot } from 'unexpired';
import type { TokenOrigin } from '../activity.ts';
import { useActivity, useSnapshot } from '../use-session.ts';
import { ActivityList } from './ActivityList.tsx';
import { Tally } from './Tally.tsx';
import { TokenRing } from './TokenRing.tsx';

const ORIGINS: Readonly<Record<TokenOrigin, string>> = {
  signedInHere: 'from sign-in',
  refreshedHere: 'refreshed by this tab',
  adopted: 'from another tab',
  found: 'from storage',
  restored: 'from the cookie',
};

const REFRESH_STATES: Readonly<Record<RefreshSnapshot['state'], string>> = {
  idle: 'fresh',
  running: 'refreshing',
  waiting: 'waiting to retry',
  blocked: 'blocked',
};

/** The token's life and what this tab has done for it. Only the ring renders at each tick. */
export function TokenCard() {
  const snapshot = useSnapshot();
  const { calls, replays, refreshes, failedRefreshes, adoptions, origin } = useActivity();
  return (
    <section className="card token" aria-labelledby="token">
      <TokenRing snapshot={snapshot} />
      <div className="token__origin">
        <h2 id="token">Access token {origin === null ? '' : ORIGINS[origin]}</h2>
        <p className="token__chips">
          <span className="chip" data-state={snapshot.refresh.state}>
            {REFRESH_STATES[snapshot.refresh.state]}
          </span>
          <span className="chip">storage: {snapshot.storage}</span>
        </p>
      </div>
      <dl className="tallies">
        <Tally name="Refreshes" value={refreshes} />
        <Tally name="Failed refreshes" value={failedRefreshes} />
        <Tally name="Adopted" value={adoptions} />
        <Tally name="Calls" value={calls} />
        <Tally name="Replays" value={replays} />
      </dl>
      <ActivityList />
    </section>
  );
}
