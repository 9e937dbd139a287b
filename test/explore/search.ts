import { Violation } from '../simulation/monitor.ts';
import { Known, type Bounds, type Choice, type Explorer, type Schedule } from './scheduler.ts';

/** How long a frozen tab or instance stays frozen, ms: longer than the others wait for its lock and then for its attempt. */
export const FROZEN_MS = 65_000;

/** How long schedules are explored, ms: past the end of a freeze. */
export const HORIZON_MS = 90_000;

/** The outcome of one run. */
export interface Outcome {
  readonly choices: readonly Choice[];
  /** What has happened, up to the order of steps that concern nothing in common. */
  readonly past: string;
  /** Whether it ended early, because another run has gone on from the same state. */
  readonly isKnown: boolean;
  /** What was wrong, and the number of the invariant; `null` if every invariant held. */
  readonly failure: { readonly number: number | null; readonly message: string } | null;
}

/** Runs a case, which passes on its scheduler when the schedule begins. An invariant may fail before. */
export async function outcomeOf(run: (begin: (explorer: Explorer) => void) => Promise<unknown>): Promise<Outcome> {
  let explorer: Explorer | null = null;
  const end = (how: Pick<Outcome, 'isKnown' | 'failure'>) => ({ choices: explorer?.choices ?? [], past: explorer?.past() ?? '', ...how });
  return run((begun) => void (explorer = begun)).then(
    () => end({ isKnown: false, failure: null }),
    (error: unknown) => end(failureOf(error)),
  );
}

function failureOf(error: unknown): Pick<Outcome, 'isKnown' | 'failure'> {
  if (error instanceof Known) return { isKnown: true, failure: null };
  if (error instanceof Violation) return { isKnown: false, failure: { number: error.number, message: error.message } };
  return { isKnown: false, failure: { number: null, message: error instanceof Error ? (error.stack ?? error.message) : String(error) } };
}

/** Writes a schedule as text, such as `3:1,17:2`: choice 3 takes option 1. */
export const pathOf = (schedule: Schedule): string => [...schedule].map((pair) => pair.join(':')).join(',');

/** Reads that text. */
export function scheduleOf(path: string): Schedule {
  return new Map(path.split(',').filter(Boolean).map((pair) => pair.split(':').map(Number) as [number, number]));
}

interface Waiting {
  readonly schedule: Schedule;
  readonly left: Bounds;
}

/**
 * Runs every schedule within the bounds once.
 *
 * A run shows which choices it had. Each other option of a choice after the last decision is another schedule.
 *
 * @param onRun returns false to end the search
 */
export async function search(run: (schedule: Schedule) => Promise<Outcome>, bounds: Bounds, onRun: (schedule: Schedule, outcome: Outcome) => boolean): Promise<void> {
  const waiting: Waiting[] = [{ schedule: new Map(), left: bounds }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { schedule, left } = next;
    const outcome = await run(schedule);
    if (!onRun(schedule, outcome)) return;
    const first = Math.max(-1, ...schedule.keys()) + 1;
    for (let place = outcome.choices.length - 1; place >= first; place--) {
      const { preemptions = 0, faults = 0 } = outcome.choices[place] ?? {};
      for (let option = preemptions + faults; option > 0; option--) {
        const isFault = option > preemptions;
        const after: Bounds = { preemptions: left.preemptions - (isFault ? 0 : 1), faults: left.faults - (isFault ? 1 : 0) };
        if (after.preemptions >= 0 && after.faults >= 0) waiting.push({ schedule: new Map([...schedule, [place, option]]), left: after });
      }
    }
  }
}
