import type { CallFate } from '../call-fates.ts';

const WORDS: Readonly<Record<CallFate, string>> = {
  unsent: 'waiting for a token',
  sent: 'sent',
  refused: 'refused, waiting for the refresh',
  replayed: 'sent once more',
  answered: 'answered',
  failed: 'failed',
};

const FATES = Object.keys(WORDS) as CallFate[];

/** A square for each call, in the colour of how far it is. */
export function FateGrid({ fates }: { readonly fates: readonly CallFate[] }) {
  const counted = FATES.map((fate) => ({ fate, count: fates.filter((other) => other === fate).length })).filter(({ count }) => count > 0);
  return (
    <figure className="fates">
      <div className="fates__grid" role="img" aria-label={counted.map(({ fate, count }) => `${count} ${WORDS[fate]}`).join(', ')}>
        {fates.map((fate, index) => (
          <i key={index} data-fate={fate} />
        ))}
      </div>
      <figcaption className="fates__legend">
        {counted.map(({ fate, count }) => (
          <span key={fate}>
            <i data-fate={fate} /> {count} {WORDS[fate]}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
