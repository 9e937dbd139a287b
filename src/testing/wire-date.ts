/** The format of an offset in a date: `+00:00` (`colon`), or `+0000` (`compact`), which `Date.parse` rejects in some engines. */
export type DateSpelling = 'colon' | 'compact';

/** Formats an instant (epoch ms) as the API does, in whole seconds of UTC. */
export function wireDate(epochMs: number, spelling: DateSpelling = 'colon'): string {
  return new Date(epochMs).toISOString().slice(0, 19) + (spelling === 'colon' ? '+00:00' : '+0000');
}
