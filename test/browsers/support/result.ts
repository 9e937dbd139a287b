/** The result of one scenario in one engine, over all its rounds. */
export interface Result {
  readonly engine: string;
  readonly version: string;
  readonly scenario: string;
  readonly rounds: number;
  /** Refreshes granted by the server. */
  readonly refreshes: number;
  /** Spent refresh tokens that were sent again. */
  readonly reuses: number;
  /** Calls that were answered well, out of `calls`. */
  readonly answers: number;
  readonly calls: number;
  /** Sessions that were still alive at the end, or `null` if the scenario ends them. */
  readonly lived: number | null;
  readonly note: string;
}

/** The result of one round. */
export type Round = Omit<Result, 'engine' | 'version' | 'scenario' | 'rounds' | 'note' | 'lived'> & { readonly lived: boolean | null };

/** A result without the engine's version, which the setup adds. */
export type Note = Omit<Result, 'version'>;

/** Sums the rounds of a scenario. */
export function sumOf(engine: string, scenario: string, rounds: readonly Round[], note = ''): Note {
  const total = (field: 'refreshes' | 'reuses' | 'answers' | 'calls') => rounds.reduce((sum, round) => sum + round[field], 0);
  return {
    engine,
    scenario,
    rounds: rounds.length,
    refreshes: total('refreshes'),
    reuses: total('reuses'),
    answers: total('answers'),
    calls: total('calls'),
    lived: rounds.some(({ lived }) => lived === null) ? null : rounds.filter(({ lived }) => lived).length,
    note,
  };
}
