import { TAB_CASES } from './cases.ts';
import { runInstanceCase } from './instance-case.ts';
import { INSTANCE_CASES } from './instance-cases.ts';
import type { Bounds, Explored, Schedule } from './scheduler.ts';
import { pathOf, scheduleOf, search, type Outcome } from './search.ts';
import { runTabCase } from './tab-case.ts';

/** A small case, and how its schedules are run. */
export interface Case {
  readonly name: string;
  /** Where the defects are that it can catch. */
  readonly kind: 'page' | 'cookie' | 'instances';
  readonly run: (schedule: Schedule, bounds: Bounds, explored: Explored | null, trace?: (line: string) => void) => Promise<Outcome>;
}

/** All cases. */
export const CASES: readonly Case[] = [
  ...TAB_CASES.map((one): Case => ({ name: one.name, kind: one.scenario.place.refreshToken, run: (...how) => runTabCase(one, ...how) })),
  ...INSTANCE_CASES.map((one): Case => ({ name: one.name, kind: 'instances', run: (...how) => runInstanceCase(one, ...how) })),
];

/** A schedule that breaks an invariant. */
export interface Finding {
  readonly path: string;
  readonly number: number | null;
  readonly message: string;
}

/** What the exploration of a case has found. */
export interface Report {
  readonly name: string;
  /** How many schedules were run to their end. */
  readonly schedules: number;
  /** How many schedules led to a state from which another one had gone on. */
  readonly known: number;
  readonly violations: number;
  /** The first violation of each invariant. */
  readonly findings: readonly Finding[];
  /** Whether every schedule within the bounds was run. */
  readonly isComplete: boolean;
}

/** How a case is explored. */
export interface ExploreOptions {
  readonly bounds: Bounds;
  /** Whether states are compared, so that a schedule ends in a state that is known. It is the default. */
  readonly comparesStates?: boolean;
  /** Whether the first violation ends the exploration. */
  readonly endsAtFirst?: boolean;
  /** The exploration ends after this many runs. */
  readonly most?: number;
  readonly onRun?: (runs: number) => void;
}

/** Explores a case. */
export async function explore({ name, run }: Case, { bounds, comparesStates = true, endsAtFirst = false, most = Infinity, onRun = () => undefined }: ExploreOptions): Promise<Report> {
  const explored: Explored | null = comparesStates ? { numbers: new Map(), states: new Map() } : null;
  const findings = new Map<number | null, Finding>();
  const sum = { schedules: 0, known: 0, violations: 0 };
  let isComplete = true;
  await search((schedule) => run(schedule, bounds, explored), bounds, (schedule, { isKnown, failure }) => {
    sum[isKnown ? 'known' : 'schedules']++;
    if (failure) sum.violations++;
    if (failure && !findings.has(failure.number)) findings.set(failure.number, { path: pathOf(schedule), ...failure });
    const runs = sum.schedules + sum.known;
    onRun(runs);
    isComplete = !(failure && endsAtFirst) && runs < most;
    return isComplete;
  });
  return { name, ...sum, findings: [...findings.values()], isComplete };
}

/** Runs one schedule of a case, and prints what happens. */
export function replay({ run }: Case, path: string, trace: (line: string) => void): Promise<Outcome> {
  return run(scheduleOf(path), { preemptions: 0, faults: 0 }, null, trace);
}
