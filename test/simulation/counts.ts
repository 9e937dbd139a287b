/** What happened in simulated worlds, in numbers. */
export interface Counts {
  worlds: number;
  tabs: number;
  /** How many timers fired; the invariants are checked after each one. */
  steps: number;
  refreshes: number;
  calls: number;
  sends: number;
  /** Injected faults, by kind. */
  readonly faults: Record<string, number>;
}

export function emptyCounts(): Counts {
  return { worlds: 0, tabs: 0, steps: 0, refreshes: 0, calls: 0, sends: 0, faults: {} };
}
