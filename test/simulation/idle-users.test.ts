import fc from 'fast-check';
import { expect, it } from 'vitest';
import { patience } from '../support/pace.ts';
import { anyIdleScenario, runIdle, type IdleDefect } from './idle-users.ts';

const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 100);
const SEED = Number(process.env['SIMULATION_SEED'] ?? 1);

it(
  `the simulation of idle users finds no violation of an invariant in ${RUNS} worlds`,
  async () => {
    const ends: Record<string, number> = {};
    await fc.assert(fc.asyncProperty(anyIdleScenario, async (scenario) => {
      for (const [reason, count] of Object.entries(await runIdle(scenario))) ends[reason] = (ends[reason] ?? 0) + count;
    }), { numRuns: RUNS, seed: SEED, endOnFailure: !process.env['SIMULATION_SHRINK'] });
    expect(ends['idle']).toBeGreaterThan(RUNS / 2);
  },
  patience(60_000 + RUNS * 1000),
);

const DEFECTS: [string, IdleDefect][] = [
  ['a client that counts a refresh as activity', { client: ({ auth, limits }) => {
    let last = auth.getSnapshot().tokens;
    auth.subscribe(() => {
      const { tokens } = auth.getSnapshot();
      if (tokens !== last) limits.touch();
      last = tokens;
    });
  } }],
  ['a client that trusts the clock of the device alone', { platform: (platform) => ({ ...platform, now: () => ({ wall: platform.now().wall, monotonic: 0 }) }) }],
  ['a tab that tells the others nothing', { platform: (platform) => ({ ...platform, openChannel: null, storage: { ...platform.storage, read: () => Promise.resolve(null), update: async (_, change) => void change(null) } }) }],
];

it.each(DEFECTS)('the simulation of idle users detects %s', async (_, defect) => {
  const property = fc.asyncProperty(anyIdleScenario, async (scenario) => void (await runIdle(scenario, defect)));
  const { errorInstance } = await fc.check(property, { numRuns: 200, seed: SEED, endOnFailure: true });
  expect(String(errorInstance)).toMatch(/^Violation: Invariant (3|11) /);
});
