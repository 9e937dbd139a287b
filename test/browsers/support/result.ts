/** What one scenario came to in one engine, over all its rounds. */
export interface Result {
  readonly engine: string;
  readonly version: string;
  readonly scenario: string;
  readonly rounds: number;
  /** Refreshes granted by the server. */
  readonly refreshes: number;
  /** Used-up refresh tokens that came again. */
  readonly reuses: number;
  /** Calls answered well, of so many made. */
  readonly answers: number;
  readonly calls: number;
  /** Sessions that lived on; `null` where the scenario ends them. */
  readonly lived: number | null;
  readonly note: string;
}

/** What one round came to. */
export type Round = Omit<Result, 'engine' | 'version' | 'scenario' | 'rounds' | 'note' | 'lived'> & { readonly lived: boolean | null };

/** What a scenario notes; which version of the engine it was, the stage knows. */
export type Note = Omit<Result, 'version'>;

/** Adds the rounds of a scenario up. */
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
