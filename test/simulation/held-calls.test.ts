import fc from 'fast-check';
import { expect, it } from 'vitest';
import { patience } from '../support/pace.ts';
import { anyHeldScenario, runHeld, type HeldDefect } from './held-calls.ts';

const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 100);
const SEED = Number(process.env['SIMULATION_SEED'] ?? 1);

it(
  `the simulation of held calls finds no violation of an invariant in ${RUNS} worlds`,
  async () => {
    let wentOn = 0;
    await fc.assert(fc.asyncProperty(anyHeldScenario, async (scenario) => {
      wentOn += await runHeld(scenario);
    }), { numRuns: RUNS, seed: SEED, endOnFailure: !process.env['SIMULATION_SHRINK'] });
    expect(wentOn).toBeGreaterThan(RUNS);
  },
  patience(60_000 + RUNS * 1000),
);

const DEFECTS: [string, RegExp, HeldDefect][] = [
  ['a hold that takes each user for the same one', /^Violation: Invariant 5 /, { options: { subjectOf: () => 'somebody' } }],
  ['a hold that does not give a lost session up', /^Violation: Invariant 5 /, { client: ({ hold }) => void Object.assign(hold, { discard: () => undefined }) }],
  ['a hold with more calls than its limit', /^Violation: Invariant 4 /, { options: { maxCalls: 100 } }],
  ['a hold without a time limit', /^Violation: Invariant 4 /, { options: { timeoutMs: 2 ** 31 - 1 } }],
  ['a client that repeats a call after a network error', /^Violation: Invariant 4 /, { client: ({ auth }) => void auth.intercept((request, next) => next(request.clone()).catch(() => next(request))) }],
];

it.each(DEFECTS)('the simulation of held calls detects %s', async (_, violation, defect) => {
  const property = fc.asyncProperty(anyHeldScenario, async (scenario) => void (await runHeld(scenario, defect)));
  const { errorInstance } = await fc.check(property, { numRuns: 200, seed: SEED, endOnFailure: true });
  expect(String(errorInstance)).toMatch(violation);
});
