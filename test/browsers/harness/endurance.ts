import type { Handles } from './handles.ts';

/** What a page can do over and over again, to see whether anything is left behind. */
export interface Endurance {
  /** Plays so many rounds, and waits for the end of the last. */
  readonly play: (scenario: string, rounds: number) => Promise<void>;
  readonly handles: () => Promise<Handles>;
}

declare global {
  interface Window {
    endurance: Endurance;
  }
}

/** Offers scenarios to the tests. */
export function offerEndurance(handles: () => Promise<Handles>, scenarios: Readonly<Record<string, (round: number) => Promise<void>>>): void {
  window.endurance = {
    handles,
    play: async (scenario, rounds) => {
      const playRound = scenarios[scenario];
      if (!playRound) throw new Error(`There is no scenario ${scenario}.`);
      for (let round = 0; round < rounds; round += 1) await playRound(round);
    },
  };
}
