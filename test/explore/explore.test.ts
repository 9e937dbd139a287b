import { describe, expect, it } from 'vitest';
import { patience } from '../support/pace.ts';
import { CASES, explore, type Case } from './explore.ts';
import { search, type Outcome } from './search.ts';
import type { Bounds, Explored, Schedule } from './scheduler.ts';

const caseOf = (wanted: string): Case => CASES.find(({ name }) => name === wanted)!;

describe('the explorer', () => {
  it.each(CASES.map((one) => [one.name, one] as const))('finds no violation in the case %s with one preemption', async (_, one) => {
    const { findings, violations, isComplete } = await explore(one, { bounds: { preemptions: 1, faults: 0 } });
    expect(findings).toEqual([]);
    expect({ violations, isComplete }).toEqual({ violations: 0, isComplete: true });
  }, patience(60_000));

  it.each(['sign-out', 'cookie-sign-out', 'instances-next-sign-in'])('finds no violation in the case %s with a fault', async (name) => {
    const { findings, schedules } = await explore(caseOf(name), { bounds: { preemptions: 0, faults: 1 } });
    expect(findings).toEqual([]);
    expect(schedules).toBeGreaterThan(3);
  }, patience(60_000));

  /** Returns everything that can have happened when the schedules of a case have run to their end. */
  async function pastsOf(run: (schedule: Schedule, explored: Explored | null) => Promise<Outcome>, bounds: Bounds, explored: Explored | null): Promise<Set<string>> {
    const pasts = new Set<string>();
    await search((schedule) => run(schedule, explored), bounds, (_, { isKnown, past }) => Boolean(isKnown || pasts.add(past)));
    return pasts;
  }

  it.each(['sign-out', 'rejected-token', 'instances-rejected-token'])('reaches the same ends in the case %s although it leaves out known states', async (name) => {
    const bounds = { preemptions: 1, faults: 0 };
    const numbers = new Map<string, number>(); // The same for both searches, so that their texts can be compared.
    const run = (schedule: Schedule, explored: Explored | null) => caseOf(name).run(schedule, bounds, explored ?? { numbers, states: new Map() });
    const all = await pastsOf((schedule) => run(schedule, null), bounds, null);
    const fewer = await pastsOf(run, bounds, { numbers, states: new Map() });
    expect(fewer).toEqual(all);
    expect(all.size).toBeGreaterThan(2);
  }, patience(120_000));
});
