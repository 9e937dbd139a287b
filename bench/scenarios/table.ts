/** The value of a cell, or `null` if it could not be measured. */
export type Cell = number | string | null;

/** A column of a table. */
export interface Column {
  readonly key: string;
  readonly title: string;
  /** How many decimals of a number are shown. */
  readonly digits?: number;
  /** The factor by which unexpired may get worse before `npm run bench:check` fails. A column without it is not checked. */
  readonly tolerance?: number;
  /** By how much a figure of unexpired may get further away from 0, in the unit of the column, before the check fails. */
  readonly slack?: number;
  /** Which direction is better, by default lower. */
  readonly better?: 'higher';
}

export interface Row {
  /** The name of the peer. Rows of unexpired begin with `unexpired`. */
  readonly peer: string;
  /** The title in a table. */
  readonly title: string;
  readonly cells: Readonly<Record<string, Cell>>;
}

/** One measurement of all peers, with a note that explains it. */
export interface Table {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle) - 1] ?? NaN)) / 2;
}

/** Formats the middle half of the values as `low–high`. */
export function middleHalf(values: readonly number[], digits = 1): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.round(share * (sorted.length - 1))] ?? NaN).toFixed(digits);
  return `${at(0.25)}–${at(0.75)}`;
}

/** Does the work for each item, one after the other, so that no measurement distorts another. */
export async function inTurn<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

/** Returns the items in the order of a round. Each round begins one further, so that no item always comes first. */
export function rotated<Item>(items: readonly Item[], round: number): Item[] {
  const first = items.length === 0 ? 0 : round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

/** Formats values as `low–high`, or as one number if all are equal. */
export function range(values: readonly number[]): Cell {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? low : `${low}–${high}`;
}
