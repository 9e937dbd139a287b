/** How the API spells an instant's offset: `+00:00`, or `+0000`, which some engines' `Date.parse` refuses. */
export type DateSpelling = 'colon' | 'compact';

/** Spells an instant (epoch ms) as the wire does, in whole seconds of UTC. */
export function wireDate(epochMs: number, spelling: DateSpelling = 'colon'): string {
  return new Date(epochMs).toISOString().slice(0, 19) + (spelling === 'colon' ? '+00:00' : '+0000');
}
