import type { AuthClient } from '../../core/auth-client.ts';
import { inspectorOf } from '../../core/inspector.ts';
import type { AuthSnapshot } from '../../core/model/snapshot.ts';
import { lifeLeftOf } from '../model/life-left.ts';
import { durationOf } from '../model/words.ts';
import { useNow } from './use-now.ts';

interface LifeRingProps {
  readonly client: AuthClient;
  readonly snapshot: AuthSnapshot;
  readonly size: 'small' | 'large';
}

/** The token's life as a ring that runs out; the amber arc is where it is refreshed. */
export function LifeRing({ client, snapshot, size }: LifeRingProps) {
  const life = lifeLeftOf(snapshot, inspectorOf(client).leadMs, useNow(inspectorOf(client).platform, 250));
  const share = (ms: number) => (life === null || life.lifetimeMs === 0 ? 0 : (100 * ms) / life.lifetimeMs);
  return (
    <span className={`ring ring-${size}`}>
      <svg viewBox="0 0 100 100" aria-hidden="true">
        <circle className="ring-track" cx="50" cy="50" r="42" pathLength="100" />
        {life && <circle className="ring-lead" cx="50" cy="50" r="48" pathLength="100" strokeDasharray={`${share(life.leadMs)} 100`} />}
        {life && <circle className="ring-left" cx="50" cy="50" r="42" pathLength="100" strokeDasharray={`${share(life.leftMs)} 100`} data-late={life.leftMs <= life.leadMs} />}
      </svg>
      {size === 'large' && <RingWords life={life} signedIn={snapshot.status === 'signedIn'} />}
    </span>
  );
}

function RingWords({ life, signedIn }: { readonly life: ReturnType<typeof lifeLeftOf>; readonly signedIn: boolean }) {
  if (!signedIn) return <span className="ring-words">no token</span>;
  if (life === null) return <span className="ring-words">no known expiry</span>;
  return (
    <span className="ring-words">
      <strong>{life.leftMs === 0 ? 'expired' : durationOf(life.leftMs)}</strong>
      <span>of {durationOf(life.lifetimeMs)}</span>
    </span>
  );
}
