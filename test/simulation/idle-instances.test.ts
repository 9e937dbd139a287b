import fc from 'fast-check';
import { expect, it } from 'vitest';
import { patience } from '../support/pace.ts';
import { anyLimitedScenario } from './idle-instances.ts';
import { runInstances } from './instances/run-instances.ts';
import type { InstanceScenario } from './instances/scenario.ts';

const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 100);
const SEED = Number(process.env['SIMULATION_SEED'] ?? 1);

it(
  `the simulation of instances with limited sessions finds no violation of an invariant in ${RUNS} worlds`,
  async () => {
    let ends = 0;
    const note = (line: string) => void (ends += / (idle|expired)$/.test(line) ? 1 : 0);
    await fc.assert(fc.asyncProperty(anyLimitedScenario, async (scenario) => void (await runInstances(scenario, note))), { numRuns: RUNS, seed: SEED, endOnFailure: !process.env['SIMULATION_SHRINK'] });
    expect(ends).toBeGreaterThan(RUNS / 4);
  },
  patience(60_000 + RUNS * 1000),
);

const DEFECTS: [string, (limits: NonNullable<InstanceScenario['limits']>) => InstanceScenario['limits']][] = [
  ['instances that end a session a minute late', (limits) => ({ ...limits, timeoutMs: limits.timeoutMs + 60_000 })],
  ['instances that end a session a minute early', (limits) => ({ ...limits, timeoutMs: limits.timeoutMs - 60_000 })],
  ['instances without a longest time', (limits) => ({ ...limits, maxSessionMs: 2 * limits.maxSessionMs })],
];

it.each(DEFECTS)('the simulation of instances with limited sessions detects %s', async (_, change) => {
  const property = fc.asyncProperty(anyLimitedScenario, async (scenario) => void (await runInstances(scenario, undefined, scenario.limits && change(scenario.limits))));
  const { errorInstance } = await fc.check(property, { numRuns: 200, seed: SEED, endOnFailure: true });
  expect(String(errorInstance)).toMatch(/^Violation: Invariant (3|11) /);
});
