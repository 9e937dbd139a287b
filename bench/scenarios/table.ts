/** What a cell can say; `null` where nothing could be measured. */
export type Cell = number | string | null;

/** A column of a table. */
export interface Column {
  readonly key: string;
  readonly title: string;
  /** Decimals to show of a number. */
  readonly digits?: number;
  /** By what factor ours may get worse before `npm run bench:check` complains; a column without one is not checked. */
  readonly tolerance?: number;
  /** Which way is better; lower unless said otherwise. */
  readonly better?: 'higher';
}

export interface Row {
  /** Of what; ours begin with `unexpired`. */
  readonly peer: string;
  /** What it is called in a table. */
  readonly title: string;
  readonly cells: Readonly<Record<string, Cell>>;
}

/** One measurement of all peers, with what a reader has to know of it. */
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

/** The middle half of some values, as `low–high`. */
export function middleHalf(values: readonly number[], digits = 1): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.round(share * (sorted.length - 1))] ?? NaN).toFixed(digits);
  return `${at(0.25)}–${at(0.75)}`;
}

/** The same for each, one after the other: nobody's numbers are spoilt by a neighbour. */
export async function inTurn<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

/** `low–high`, or the one number when all are alike. */
export function range(values: readonly number[]): Cell {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? low : `${low}–${high}`;
}
