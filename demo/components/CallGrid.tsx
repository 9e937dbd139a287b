import type { CallStage } from '../call-progress.ts';

const WORDS: Readonly<Record<CallStage, string>> = {
  unsent: 'queued',
  sent: 'in flight',
  rejected: 'rejected, refresh pending',
  replayed: 'replayed',
  answered: 'answered',
  failed: 'failed',
};

const STAGES = Object.keys(WORDS) as CallStage[];

/** A square for each call, coloured by how far it is. */
export function CallGrid({ stages }: { readonly stages: readonly CallStage[] }) {
  const counted = STAGES.map((stage) => ({ stage, count: stages.filter((other) => other === stage).length })).filter(({ count }) => count > 0);
  return (
    <figure className="calls">
      <div className="calls__grid" role="img" aria-label={counted.map(({ stage, count }) => `${count} ${WORDS[stage]}`).join(', ')}>
        {stages.map((stage, index) => (
          <i key={index} data-stage={stage} />
        ))}
      </div>
      <figcaption className="calls__legend">
        {counted.map(({ stage, count }) => (
          <span key={stage}>
            <i data-stage={stage} /> {count} {WORDS[stage]}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
