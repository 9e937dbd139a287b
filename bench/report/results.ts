import type { Table } from '../scenarios/table.ts';

/** A run of the benchmark, and what was measured in it. */
export interface Run {
  /** When it began, ISO 8601; names the run. */
  readonly takenAt: string;
  readonly machine: Machine;
  /** The tables whose figures are of this run. */
  readonly tables: readonly string[];
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly chromium: string;
}

/** What the runs of the benchmark leave behind: each table as it was measured last, and where that was. */
export interface Results {
  readonly runs: readonly Run[];
  readonly tables: readonly Table[];
}

/** Puts tables that a run has measured in the place of those that are known, and leaves the others to the runs they are of. */
export function withMeasured({ runs, tables: known }: Results, { takenAt, machine }: Omit<Run, 'tables'>, tables: readonly Table[]): Results {
  const fresh = new Map(tables.map((table) => [table.id, table]));
  const before = runs.find((run) => run.takenAt === takenAt)?.tables ?? [];
  const others = runs.filter((run) => run.takenAt !== takenAt).map((run) => ({ ...run, tables: run.tables.filter((id) => !fresh.has(id)) }));
  return {
    runs: [...others.filter((run) => run.tables.length > 0), { takenAt, machine, tables: [...new Set([...before, ...fresh.keys()])] }],
    tables: [...known.map((table) => fresh.get(table.id) ?? table), ...tables.filter(({ id }) => !known.some((table) => table.id === id))],
  };
}
