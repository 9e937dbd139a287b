/**
 * Chooses the peers of a table that a run measures.
 *
 * @param names all peers of the table, in its order
 * @param bases the peers that the table's ratios and verdicts refer to. They are measured, too, if another peer is chosen.
 */
export type ChoosePeers = <Name extends string>(names: readonly Name[], bases?: readonly Name[]) => readonly Name[];

/** Chooses every peer. */
export const everyPeer: ChoosePeers = (names) => names;

/** Chooses only the peers with these names. If a table has none of them, it has no rows. */
export function onlyPeers(wanted: readonly string[]): ChoosePeers {
  return (names, bases = []) => (names.some((name) => wanted.includes(name)) ? names.filter((name) => wanted.includes(name) || bases.includes(name)) : []);
}
