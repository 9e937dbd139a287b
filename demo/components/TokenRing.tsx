import type { AuthSnapshot } from 'unexpired';
import { tokenLifeOf } from '../token-life.ts';
import { useNow } from '../use-now.ts';
import { durationWords } from '../words.ts';

const TICK_MS = 250;

/** Counts down the token's life. The client refreshes when the ring reaches the amber arc. */
export function TokenRing({ snapshot }: { readonly snapshot: AuthSnapshot }) {
  const life = tokenLifeOf(snapshot, useNow(TICK_MS));
  if (!life) return <p className="ring ring--endless">no expiry known</p>;
  const { leftMs, lifetimeMs, leadMs } = life;
  const left = (100 * leftMs) / lifetimeMs;
  const words = durationWords(leftMs);
  return (
    <div
      className="ring"
      role="meter"
      aria-label="Access token lifetime left"
      aria-valuemin={0}
      aria-valuemax={Math.round(lifetimeMs / 1000)}
      aria-valuenow={Math.ceil(leftMs / 1000)}
      aria-valuetext={words}
    >
      <svg viewBox="0 0 100 100" aria-hidden="true">
        <circle className="ring__track" cx="50" cy="50" r="42" pathLength="100" />
        <circle className="ring__lead" cx="50" cy="50" r="42" pathLength="100" strokeDasharray={`${(100 * leadMs) / lifetimeMs} 100`} />
        <circle className="ring__left" cx="50" cy="50" r="42" pathLength="100" strokeDasharray={`${left} 100`} data-late={leftMs <= leadMs} />
      </svg>
      <span className="ring__words" aria-hidden="true">
        {words}
      </span>
    </div>
  );
}
