import fc from 'fast-check';
import { expect, it } from 'vitest';
import { patience } from '../support/pace.ts';
import { anyPageScenario, runPages } from './behind-a-server.ts';

const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 100);
const SEED = Number(process.env['SIMULATION_SEED'] ?? 1);

it(
  `the simulation of pages behind a server finds no violation of an invariant in ${RUNS} worlds`,
  () => fc.assert(fc.asyncProperty(anyPageScenario, (scenario) => runPages(scenario)), { numRuns: RUNS, seed: SEED }),
  patience(60_000 + RUNS * 1000),
);

it('the simulation of pages behind a server detects a page that does not name its session in calls', async () => {
  const scenarios = anyPageScenario.map((scenario) => ({ ...scenario, place: 'server' as const }));
  const property = fc.asyncProperty(scenarios, (scenario) => runPages(scenario, (protocol) => ({ ...protocol, tokenHeader: { name: 'x-csrf', value: () => '1', isPublic: true } })));
  const { errorInstance } = await fc.check(property, { numRuns: 100, seed: SEED, endOnFailure: true });
  expect(String(errorInstance)).toMatch(/5: call \d+ of \w+ goes to the API as \w+/);
});
