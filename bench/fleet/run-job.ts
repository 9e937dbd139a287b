import { runFleet } from './fleet.ts';
import { POLICIES } from './policies/index.ts';
import { drawPopulation, type Population } from './population.ts';
import { scenarioOf, type ScenarioName } from './scenario.ts';
import { outcomeOf, type Outcome } from './tally.ts';

/** One cell of the tables. */
export interface Job {
  readonly policy: string;
  readonly scenario: ScenarioName;
  readonly lifetimeMs: number;
  /** The load that the endpoint is built for: the busiest moment of this policy's ordinary day, requests a second. It is 0 for the run that measures it. */
  readonly ordinaryPeak: number;
}

/** Creates a function that runs jobs on one fleet, which is drawn once. */
export function createJobRunner(browsers: number, seed: number): (job: Job) => Outcome {
  let population: Population | null = null;
  return ({ policy: name, scenario: scenarioName, lifetimeMs, ordinaryPeak }) => {
    population ??= drawPopulation(browsers, seed);
    const policy = POLICIES.find((one) => one.name === name);
    if (!policy) throw new Error(`There is no policy "${name}".`);
    const scenario = scenarioOf(scenarioName, lifetimeMs, ordinaryPeak);
    return outcomeOf(runFleet({ population, scenario, policy, lifetimeMs, seed }), scenario);
  };
}
