import type { Table } from '../scenarios/table.ts';

/** A run of the benchmark, and the tables that it measured. */
export interface Run {
  /** When the run began, ISO 8601. It identifies the run. */
  readonly takenAt: string;
  readonly machine: Machine;
  /** The tables whose figures come from this run. */
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

/** The results of all runs: each table as it was measured last, and the run it comes from. */
export interface Results {
  readonly runs: readonly Run[];
  readonly tables: readonly Table[];
}

/** Replaces the tables that a run has measured. The other tables stay with their runs. */
export function withMeasured({ runs, tables: known }: Results, { takenAt, machine }: Omit<Run, 'tables'>, tables: readonly Table[]): Results {
  const fresh = new Map(tables.map((table) => [table.id, table]));
  const before = runs.find((run) => run.takenAt === takenAt)?.tables ?? [];
  const others = runs.filter((run) => run.takenAt !== takenAt).map((run) => ({ ...run, tables: run.tables.filter((id) => !fresh.has(id)) }));
  return {
    runs: [...others.filter((run) => run.tables.length > 0), { takenAt, machine, tables: [...new Set([...before, ...fresh.keys()])] }],
    tables: [...known.map((table) => fresh.get(table.id) ?? table), ...tables.filter(({ id }) => !known.some((table) => table.id === id))],
  };
}
