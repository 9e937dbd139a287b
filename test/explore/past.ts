import type { Timer } from '../support/world.ts';

/** Numbers texts, so that equal texts have equal numbers. */
export type Numbers = Map<string, number>;

/** What a run has done, up to the order of steps that concern nothing in common. */
export interface Past {
  readonly onSet: (timer: Timer) => void;
  readonly onTouch: (object: string, isRead: boolean) => void;
  /** Begins a step, and ends the one before. */
  readonly begin: (what: Timer | string, thread: string) => void;
  /** Describes everything that has happened: two runs with the same text have the same future. */
  readonly text: () => string;
}

interface Step {
  readonly name: string;
  readonly touched: Map<string, boolean>;
  /** How many timers it has set. */
  timers: number;
  /** Set when the step is over. */
  number: number;
}

/** The steps that last changed an object, and those that have read it since. */
interface Seen {
  readonly change: number;
  readonly reads: readonly number[];
}

/**
 * Creates the past of a run.
 *
 * The number of a step stands for what it does and for all steps that it depends on: those that touched one of the same objects before.
 */
export function createPast(numbers: Numbers): Past {
  const objects = new Map<string, Seen>();
  const causes = new WeakMap<Timer, { readonly step: Step; readonly place: number }>();
  let current: Step | null = null;

  function numberOf(text: string): number {
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  }

  const textOf = (object: string, { change, reads } = objects.get(object) ?? { change: -1, reads: [] }) => `${object}=${change}/${reads.join(',')}`;

  function end(step: Step): void {
    const touched = [...step.touched].sort(([one], [other]) => (one < other ? -1 : 1));
    step.number = numberOf([step.name, ...touched.map(([object, isRead]) => (isRead ? `${object}~${objects.get(object)?.change ?? -1}` : textOf(object)))].join(' '));
    for (const [object, isRead] of touched) {
      const { change = -1, reads = [] } = objects.get(object) ?? {};
      objects.set(object, isRead ? { change, reads: [...reads, step.number].sort((one, other) => one - other) } : { change: step.number, reads: [] });
    }
  }

  function nameOf(timer: Timer): string {
    const cause = causes.get(timer);
    return cause ? `${cause.step.number}.${cause.place}` : `first ${timer.order}`;
  }

  return {
    onSet: (timer) => void (current && causes.set(timer, { step: current, place: current.timers++ })),
    onTouch: (object, isRead) => void current?.touched.set(object, isRead && (current.touched.get(object) ?? true)),
    begin(what, thread) {
      if (current) end(current);
      current = { name: typeof what === 'string' ? what : nameOf(what), touched: new Map([[`thread ${thread}`, false]]), timers: 0, number: -1 };
    },
    text() {
      if (current) end(current);
      current = null;
      return [...objects.keys()].sort().map((object) => textOf(object)).join(' ');
    },
  };
}
