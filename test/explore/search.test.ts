import { describe, expect, it } from 'vitest';
import { createWorld } from '../support/world.ts';
import { createExplorer, type Bounds, type Schedule } from './scheduler.ts';
import { pathOf, scheduleOf, search, type Outcome } from './search.ts';

/** Two tabs add 1 to a stored number. Each one reads it, and then writes it in a second step, so that it can lose the other's write. */
async function runCounters(schedule: Schedule, bounds: Bounds): Promise<Outcome & { readonly sum: unknown }> {
  const world = createWorld(() => Promise.reject(new Error('There is no server.')));
  const tabs = [world.openTab(), world.openTab()];
  const actors = new Map(tabs.map((tab) => [tab.name, { isRunning: tab.process.isAlive, suffer: tab.kill }]));
  const explorer = createExplorer({ bounds, schedule, faults: ['crash'], actors, explored: null });
  for (const { process, platform: { storage } } of tabs) {
    process.setTimer(() => void storage.read('sum').then((sum) => storage.update('sum', () => Number(sum ?? 0) + 1)), 0);
  }
  world.scheduler = explorer;
  await world.advance(1000);
  return { choices: explorer.choices, past: explorer.past(), isKnown: false, failure: null, sum: world.storage.values.get('sum') };
}

/** Returns the sums that the schedules within some bounds lead to, by their paths. */
async function sumsWithin(bounds: Bounds): Promise<Map<string, unknown>> {
  const sums = new Map<string, unknown>();
  const run = async (schedule: Schedule) => {
    const outcome = await runCounters(schedule, bounds);
    sums.set(pathOf(schedule), outcome.sum);
    return outcome;
  };
  let runs = 0;
  await search(run, bounds, () => Boolean(++runs));
  expect(sums.size).toBe(runs); // No schedule ran twice.
  return sums;
}

describe('the search over schedules', () => {
  it('runs one schedule without preemptions and faults', async () => {
    expect([...(await sumsWithin({ preemptions: 0, faults: 0 })).values()]).toEqual([2]);
  });

  it('finds with one preemption that two tabs lose a write', async () => {
    expect(new Set((await sumsWithin({ preemptions: 1, faults: 0 })).values())).toEqual(new Set([1, 2]));
  });

  it('finds with one fault that no tab writes after its end', async () => {
    const sums = await sumsWithin({ preemptions: 0, faults: 1 });
    expect(new Set(sums.values())).toEqual(new Set([1, 2]));
  });

  it('repeats a schedule by its path', async () => {
    const sums = await sumsWithin({ preemptions: 2, faults: 1 });
    for (const [path, sum] of [...sums].slice(0, 20)) expect((await runCounters(scheduleOf(path), { preemptions: 0, faults: 0 })).sum).toBe(sum);
  });

  it('says that a path belongs to another case', async () => {
    await expect(runCounters(scheduleOf('0:9'), { preemptions: 0, faults: 0 })).rejects.toThrow('The path does not fit this case.');
  });
});
