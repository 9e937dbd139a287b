import type { Table } from '../scenarios/table.ts';

/** What a run of the benchmark leaves behind. */
export interface Results {
  /** ISO 8601. */
  readonly takenAt: string;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly system: string;
    readonly node: string;
    readonly chromium: string;
  };
  readonly tables: readonly Table[];
}
