import fc from 'fast-check';
import { expect, it } from 'vitest';
import { patience } from '../support/pace.ts';
import { anyPageScenario, runPages } from './behind-a-server.ts';
import { replayCommand, runWorld } from './run-world.ts';

const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 100);
const SEED = Number(process.env['SIMULATION_SEED'] ?? 1);

it(
  `the simulation of pages behind a server finds no violation of an invariant in ${RUNS} worlds`,
  () => fc.assert(fc.asyncProperty(anyPageScenario, async (scenario) => void (await runPages(scenario))), { numRuns: RUNS, seed: SEED }),
  patience(60_000 + RUNS * 1000),
);

it('the simulation of pages behind a server detects a page that does not name its session in calls', async () => {
  const scenarios = anyPageScenario.map((scenario) => ({ ...scenario, place: 'server' as const }));
  const property = fc.asyncProperty(scenarios, async (scenario) => void (await runPages(scenario, (protocol) => ({ ...protocol, tokenHeader: { name: 'x-csrf', value: () => '1', isPublic: true } }))));
  const { errorInstance } = await fc.check(property, { numRuns: 100, seed: SEED, endOnFailure: true });
  expect(String(errorInstance)).toMatch(/Invariant 5 .*: call \d+ of \w+ goes to the API as \w+/);
});

it('a campaign of pages behind a server draws its worlds from seeds, counts what happens, and names the command for one of them', async () => {
  const [one, again] = [await runWorld(7, { place: 'server' }), await runWorld(7, { place: 'server' })];
  expect(one).toEqual(again);
  expect(one).toMatchObject({ failure: null, counts: { worlds: 1, tabs: expect.any(Number), calls: expect.any(Number) } });
  expect(one.counts.tabs).toBeGreaterThan(0);
  expect(one.counts.steps).toBeGreaterThan(one.counts.tabs);
  const failure = { seed: 7, path: '0:1', message: '', number: 5, scenario: { place: 'server', tabs: 1, hasLocks: true, events: [] } } as const;
  expect(replayCommand(failure, { place: 'server' })).toBe('npm run simulate -- --seed 7 --path 0:1 --place server');
});
