import type { ReactNode } from 'react';
import type { AuthClient } from '../../core/auth-client.ts';
import { inspectorOf } from '../../core/inspector.ts';
import type { AuthSnapshot } from '../../core/model/snapshot.ts';
import { tokenLifeOf } from '../model/token-life.ts';
import { durationOf } from '../model/words.ts';
import { useNow } from './use-now.ts';

interface LifeRingProps {
  readonly client: AuthClient;
  readonly snapshot: AuthSnapshot;
  readonly size: 'small' | 'large';
}

/** The token's life as a ring that runs out. The amber arc is the time in which it is refreshed. */
export function LifeRing({ client, snapshot, size }: LifeRingProps) {
  const { platform, leadMs } = inspectorOf(client);
  const now = useNow(platform, 250);
  const life = tokenLifeOf(snapshot, leadMs);
  const lifetimeMs = life?.lifetimeMs ?? null;
  if (life === null || lifetimeMs === null) return <Ring size={size} words={<span>{life === null ? 'no token' : 'no expiry known'}</span>} />;
  const leftMs = Math.min(lifetimeMs, Math.max(0, life.receivedAt + lifetimeMs - now));
  const share = (ms: number) => `${lifetimeMs === 0 ? 0 : (100 * ms) / lifetimeMs} 100`;
  const words = (
    <>
      <strong>{leftMs === 0 ? 'expired' : durationOf(Math.ceil(leftMs / 1000) * 1000)}</strong>
      <span>of {durationOf(lifetimeMs)}</span>
    </>
  );
  return (
    <Ring size={size} words={words}>
      <circle className="ring-lead" cx="50" cy="50" r="48" pathLength="100" strokeDasharray={share(life.leadMs)} />
      <circle className="ring-left" cx="50" cy="50" r="42" pathLength="100" strokeDasharray={share(leftMs)} data-late={leftMs <= life.leadMs} />
    </Ring>
  );
}

interface RingProps extends Pick<LifeRingProps, 'size'> {
  readonly words: ReactNode;
  readonly children?: ReactNode;
}

function Ring({ size, words, children }: RingProps) {
  return (
    <span className={`ring ring-${size}`}>
      <svg viewBox="0 0 100 100" aria-hidden="true">
        <circle className="ring-track" cx="50" cy="50" r="42" pathLength="100" />
        {children}
      </svg>
      {size === 'large' && <span className="ring-words">{words}</span>}
    </span>
  );
}
