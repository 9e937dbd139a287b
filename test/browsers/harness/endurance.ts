import type { Handles } from './handles.ts';

/** Scenarios that a page can repeat, so that the tests can measure what each round leaves behind. */
export interface Endurance {
  /** Runs a number of rounds, and waits until the last one has ended. */
  readonly run: (scenario: string, rounds: number) => Promise<void>;
  readonly handles: () => Promise<Handles>;
}

declare global {
  interface Window {
    endurance: Endurance;
  }
}

/** Makes scenarios available to the tests. */
export function offerEndurance(handles: () => Promise<Handles>, scenarios: Readonly<Record<string, (round: number) => Promise<void>>>): void {
  window.endurance = {
    handles,
    run: async (scenario, rounds) => {
      const runRound = scenarios[scenario];
      if (!runRound) throw new Error(`There is no scenario ${scenario}.`);
      for (let round = 0; round < rounds; round += 1) await runRound(round);
    },
  };
}
