/** What happened in worlds, in numbers. */
export interface Tally {
  worlds: number;
  tabs: number;
  /** Times that everything came to rest and the invariants were looked at. */
  steps: number;
  refreshes: number;
  calls: number;
  sends: number;
  /** Faults that were injected, by kind. */
  readonly faults: Record<string, number>;
}

export function emptyTally(): Tally {
  return { worlds: 0, tabs: 0, steps: 0, refreshes: 0, calls: 0, sends: 0, faults: {} };
}
