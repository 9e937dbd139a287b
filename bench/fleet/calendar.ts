/** Nobody, or the end of a list. */
const NONE = -1;

/** What happens when: one entry for each agent, in a list for each tick. */
export interface Calendar {
  readonly put: (agent: number, tick: number) => void;
  /** Takes out all of one tick, in the order of their numbers' arrival, last first. */
  readonly take: (tick: number, visit: (agent: number) => void) => void;
}

/** Creates a calendar from one tick up to another; what is put behind its end never happens. */
export function createCalendar(agents: number, from: number, until: number): Calendar {
  const first = new Int32Array(until - from).fill(NONE);
  const next = new Int32Array(agents).fill(NONE);
  return {
    put(agent, tick) {
      if (tick >= until) return;
      next[agent] = first[tick - from]!;
      first[tick - from] = agent;
    },
    take(tick, visit) {
      for (let agent = first[tick - from]!; agent !== NONE; ) {
        const following = next[agent]!;
        visit(agent);
        agent = following;
      }
    },
  };
}
