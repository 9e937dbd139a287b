import type { Scheduler, Timer } from '../support/world.ts';
import { createPast, type Numbers } from './past.ts';

/** What may happen to a tab or an instance at an await: it ends, or its code stops for a while. */
export type Fault = 'crash' | 'freeze';

/** How many decisions of a schedule may differ from what happens by itself. */
export interface Bounds {
  readonly preemptions: number;
  readonly faults: number;
}

/** Which option a schedule takes at a choice; the first one (0) if it says nothing. */
export type Schedule = ReadonlyMap<number, number>;

/** The options of a choice: the thread that is due, then the preemptions, then the faults. */
export interface Choice {
  readonly preemptions: number;
  readonly faults: number;
}

/** A tab or an instance. */
export interface Actor {
  readonly isRunning: () => boolean;
  readonly suffer: (fault: Fault) => void;
}

/** The states from which everything is explored, and what was left of the bounds in them. */
export interface Explored {
  readonly numbers: Numbers;
  readonly states: Map<number, Bounds[]>;
}

/** What the scheduler has to know about a run. */
export interface Stage {
  readonly bounds: Bounds;
  readonly schedule: Schedule;
  /** The faults that actors may suffer. */
  readonly faults: readonly Fault[];
  readonly actors: ReadonlyMap<string, Actor>;
  /** `null` explores each schedule, also if another one has led to the same state. */
  readonly explored: Explored | null;
}

/** Ends a run, because everything that can follow is explored. */
export class Known extends Error {
  override readonly name = 'Known';
}

/** Follows a schedule, and notes its choices. */
export interface Explorer extends Scheduler {
  readonly choices: readonly Choice[];
  /** Describes what has happened, up to the order of steps that concern nothing in common. */
  readonly past: () => string;
}

/** Returns the name of the tab or instance whose code a thread runs: the last word. */
const actorOf = (thread: string): string => thread.split(' ').at(-1) ?? '';

/**
 * Creates the scheduler of one run.
 *
 * The thread that is due is the one that ran last. If it waits, it is the one that has waited longest. To run another one is a preemption. A
 * thread that was preempted goes on when no other can.
 */
export function createExplorer({ bounds, schedule, faults, actors, explored }: Stage): Explorer {
  const choices: Choice[] = [];
  const lastDecision = Math.max(-1, ...schedule.keys());
  const past = createPast(explored?.numbers ?? new Map());
  /** The threads that were preempted and have not gone on. */
  const preempted = new Set<string>();
  let current = '';
  let left: Bounds = bounds;

  /** Ends the run if it is in a state from which a run with as many decisions left has gone on. */
  function checkState({ numbers, states }: Explored): void {
    const text = `${current} before ${[...preempted].join()} in ${past.text()}`;
    if (choices.length <= lastDecision) return;
    const state = numbers.get(text) ?? numbers.size;
    numbers.set(text, state);
    const known = states.get(state) ?? [];
    if (known.some((others) => others.preemptions >= left.preemptions && others.faults >= left.faults)) throw new Known();
    states.set(state, [...known, left]);
  }

  /** Returns the place of the next option, and notes the choice if there are several. */
  function decide(choice: Choice): number {
    return choice.preemptions + choice.faults === 0 ? 0 : (schedule.get(choices.push(choice) - 1) ?? 0);
  }

  function choose(ready: readonly Timer[]): Timer {
    if (explored) checkState(explored);
    const firsts = ready.filter(({ thread }, index) => ready.findIndex((other) => other.thread === thread) === index);
    const due = firsts.find(({ thread }) => thread === current) ?? firsts.find(({ thread }) => !preempted.has(thread)) ?? firsts[0];
    const timers = [due, ...firsts.filter((timer) => timer !== due)];
    const actor = actors.get(actorOf(due?.thread ?? ''));
    const possible = actor?.isRunning() ? faults : [];
    const option = decide({ preemptions: timers.length - 1, faults: possible.length });
    const next = timers[option];
    if (next) return run(next, option > 0 ? due : undefined);
    const fault = possible[option - timers.length];
    if (!fault || !actor) throw new Error('The path does not fit this case.');
    past.begin(fault, 'faults');
    left = { ...left, faults: left.faults - 1 };
    current = '';
    actor.suffer(fault);
    const lasting = ready.filter(({ thread, isPrompt }) => isPrompt || fault !== 'crash' || actors.get(thread) !== actor);
    return lasting.length > 0 ? choose(lasting) : run(due!);
  }

  function run(timer: Timer, instead?: Timer): Timer {
    if (instead) {
      left = { ...left, preemptions: left.preemptions - 1 };
      preempted.add(instead.thread);
    }
    current = timer.thread;
    preempted.delete(current);
    past.begin(timer, current);
    return timer;
  }

  return { choices, past: past.text, onSet: past.onSet, onTouch: past.onTouch, choose };
}
