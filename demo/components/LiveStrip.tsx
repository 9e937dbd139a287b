import type { RefreshSnapshot } from 'unexpired';
import type { TokenOrigin } from '../activity.ts';
import { useActivity, useSnapshot } from '../use-session.ts';
import { ActivityList } from './ActivityList.tsx';
import { RefreshNotice } from './RefreshNotice.tsx';
import { Tally } from './Tally.tsx';
import { TokenRing } from './TokenRing.tsx';

const ORIGINS: Readonly<Record<TokenOrigin, string>> = {
  signedInHere: 'signed in here',
  refreshedHere: 'refreshed by this tab',
  adopted: 'adopted from another tab',
  found: 'found in storage',
};

const REFRESH_STATES: Readonly<Record<RefreshSnapshot['state'], string>> = {
  idle: 'refreshes at the amber arc',
  running: 'refreshing now',
  waiting: 'waiting for the next try',
  blocked: 'refreshing stopped',
};

/** The token's life and what this tab did for it; nothing below it but the ring ticks. */
export function LiveStrip() {
  const snapshot = useSnapshot();
  const { calls, replays, refreshRequests, adoptions, origin } = useActivity();
  return (
    <section className="card strip" aria-labelledby="strip">
      <h2 id="strip" className="visually-hidden">
        The access token in this tab
      </h2>
      <TokenRing snapshot={snapshot} />
      <div className="strip__origin">
        <p>
          Token <strong>{origin === null ? 'unknown' : ORIGINS[origin]}</strong>
        </p>
        <p className="strip__chips">
          <span className="chip">{REFRESH_STATES[snapshot.refresh.state]}</span>
          <span className="chip">kept in {snapshot.storage}</span>
        </p>
      </div>
      <dl className="tallies">
        <Tally name="Refreshes here" value={refreshRequests} />
        <Tally name="Adopted" value={adoptions} />
        <Tally name="Calls" value={calls} />
        <Tally name="Replays" value={replays} />
      </dl>
      <ActivityList />
      <RefreshNotice refresh={snapshot.refresh} />
    </section>
  );
}
