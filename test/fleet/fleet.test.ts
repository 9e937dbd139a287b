import { describe, expect, it } from 'vitest';
import { runFleet } from '../../bench/fleet/fleet.ts';
import { POLICIES } from '../../bench/fleet/policies/index.ts';
import type { Policy } from '../../bench/fleet/policies/policy.ts';
import { drawPopulation, STRETCHES, type Population } from '../../bench/fleet/population.ts';
import { LIFETIMES_MS, scenarioOf, SCENARIO_NAMES, type Scenario } from '../../bench/fleet/scenario.ts';
import { outcomeOf } from '../../bench/fleet/tally.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../bench/fleet/time.ts';
import { createTokenEndpoint } from '../../bench/fleet/token-endpoint.ts';

const population = drawPopulation(2000, 7);
const unexpired = POLICIES.find(({ name }) => name === 'unexpired')!;

function run(policy: Policy, name: Scenario['name'], lifetimeMs: number, seed = 7) {
  const scenario = scenarioOf(name, lifetimeMs, 8);
  const tally = runFleet({ population, scenario, policy, lifetimeMs, seed });
  return { tally, outcome: outcomeOf(tally, scenario) };
}

/** Browsers with one tab each that never sleep. */
function sleepless(browsers: number): Population {
  const stretches = new Int32Array(browsers * STRETCHES * 2).fill(DAY);
  for (let browser = 0; browser < browsers; browser++) stretches[browser * STRETCHES * 2] = 0;
  return { browsers, tabs: new Uint8Array(browsers).fill(1), stretches };
}

describe('a simulated fleet', () => {
  it.each(POLICIES.map((policy) => [policy.name, policy] as const))('gets exactly one answer to each request under the policy %s', (_name, policy) => {
    const { tally, outcome } = run(policy, 'outage', 300_000);
    expect(tally.load.reduce((sum, count) => sum + count, 0)).toBe(outcome.requests);
    expect(outcome.requests).toBe(tally.answers.granted + tally.answers.down + tally.answers['refused']);
    expect(tally.answers.down).toBeGreaterThan(0);
    expect(tally.waiting).toBeGreaterThanOrEqual(0);
  });

  it('is the same for the same seed and differs for another seed', () => {
    const once = run(unexpired, 'outage', 3_600_000).outcome;
    expect(run(unexpired, 'outage', 3_600_000).outcome).toEqual(once);
    expect(run(unexpired, 'outage', 3_600_000, 8).outcome.load).not.toEqual(once.load);
    expect(drawPopulation(50, 1)).toEqual(drawPopulation(50, 1));
    expect(drawPopulation(50, 1)).not.toEqual(drawPopulation(50, 2));
  });

  it.each(SCENARIO_NAMES)('loses no session with unexpired, and no call while the endpoint is up (%s)', (name) => {
    for (const lifetimeMs of LIFETIMES_MS) {
      const { outcome } = run(unexpired, name, lifetimeMs);
      expect(outcome.lost).toBe(0);
      if (name === 'day' || name === 'deploy') expect(outcome.failedCalls).toBe(0);
    }
  });

  it('spreads its refreshes after all sign in within a minute, so that no 10 s have a tenth of them', () => {
    const scenario: Scenario = { ...scenarioOf('deploy', 3_600_000, 0), until: 11 * HOUR + MINUTE };
    const tally = runFleet({ population: sleepless(2000), scenario, policy: unexpired, lifetimeMs: 3_600_000, seed: 7 });
    const { requests, peak } = outcomeOf(tally, scenario);
    expect(requests).toBe(2000);
    expect(peak * 10).toBeLessThan(200);
  });

  it('matches a count by hand of 30 browsers that sign in within a tick and refresh at the last moment', () => {
    const scenario: Scenario = { ...scenarioOf('deploy', 300_000, 0), from: 10 * HOUR, until: 10 * HOUR + 16 * MINUTE, signInWithin: 1 };
    const atExpiry: Policy = { ...unexpired, dueMs: (remainingMs) => remainingMs };
    const tally = runFleet({ population: sleepless(30), scenario, policy: atExpiry, lifetimeMs: 300_000, seed: 1 });
    // After 5, 10 and 15 minutes, all in one second.
    expect([...tally.load.entries()].filter(([, count]) => count > 0)).toEqual([[300, 30], [600, 30], [900, 30]]);
    expect(outcomeOf(tally, scenario)).toMatchObject({ requests: 90, granted: 90, mean: 90 / 960, peak: 3, peakToMean: 32, failedCalls: 0, lost: 0 });
  });

  it('counts 3 failed calls in each 20 s with an expired token', () => {
    const scenario: Scenario = { ...scenarioOf('deploy', 300_000, 0), from: 10 * HOUR, until: 10 * HOUR + 8 * MINUTE, signInWithin: 1 };
    const late: Policy = { ...unexpired, patienceMs: 0, dueMs: (remainingMs) => remainingMs + 100_000 };
    expect(runFleet({ population: sleepless(10), scenario, policy: late, lifetimeMs: 300_000, seed: 1 }).failedCalls).toBeCloseTo(10 * 5 * 3);
  });
});

it('the token endpoint grants up to its capacity, nothing while it is down, and up to half afterwards', () => {
  const endpoint = createTokenEndpoint({ capacity: 100, outage: { from: SECOND, until: 2 * SECOND, capacityAfter: 50 }, retryAfterMs: null });
  const granted = [0, 1, 2, 3].map((second) => {
    let count = 0;
    for (let tick = second * SECOND; tick < (second + 1) * SECOND; tick++) {
      endpoint.openTick(tick);
      for (let request = 0; request < 20; request++) if (endpoint.answer() === 'granted') count++;
    }
    return count;
  });
  expect(granted[0]).toBeGreaterThan(90);
  expect(granted[0]).toBeLessThanOrEqual(100);
  expect(granted[1]).toBe(0);
  expect(granted[3]).toBeGreaterThan(40);
  expect(granted[3]).toBeLessThanOrEqual(50);
});
