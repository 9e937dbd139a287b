/** No agent, or the end of a list. */
const NONE = -1;

/** The next event of each agent, in one list per tick. */
export interface Calendar {
  readonly put: (agent: number, tick: number) => void;
  /** Removes all agents of one tick, the last added first. */
  readonly take: (tick: number, visit: (agent: number) => void) => void;
}

/** Creates a calendar from one tick up to another. Events after its end are dropped. */
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
