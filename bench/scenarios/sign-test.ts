/** If chance makes such a difference at least this often, the difference is noise. */
const CHANCE = 0.05;

/** The words for a figure that is higher, and for one that is lower. */
export type Words = readonly [higher: string, lower: string];

/**
 * Compares a peer with unexpired, round by round.
 *
 * @param figures the figures of the peer, and of unexpired in the same rounds
 * @returns such as `slower, 17 of 20`; a tie if fair coins split the rounds at least as unevenly in one of twenty tries
 */
export function beside(figures: readonly number[], ours: readonly number[], [higher, lower]: Words): string {
  const differences = figures.map((figure, round) => figure - (ours[round] ?? NaN));
  const above = differences.filter((difference) => difference > 0).length;
  const below = differences.filter((difference) => difference < 0).length;
  const count = (rounds: number) => `${rounds} of ${figures.length}`;
  if (signTest(above, below) >= CHANCE) return `tie, ${higher} in ${count(above)}`;
  return above > below ? `${higher}, ${count(above)}` : `${lower}, ${count(below)}`;
}

/** The two-sided exact sign test: how probable it is that fair coins split at least as unevenly. Rounds without a difference are left out. */
export function signTest(above: number, below: number): number {
  const rounds = above + below;
  let tail = 0;
  let ways = 1; // How many sequences of `rounds` coins have `heads` heads.
  for (let heads = 0; heads <= Math.min(above, below); heads += 1) {
    tail += ways / 2 ** rounds;
    ways = (ways * (rounds - heads)) / (heads + 1);
  }
  return Math.min(1, 2 * tail);
}
