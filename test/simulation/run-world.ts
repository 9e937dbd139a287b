import fc from 'fast-check';
import { anyPageScenario, runPages, type PageScenario } from './behind-a-server.ts';
import { emptyCounts, type Counts } from './counts.ts';
import { Violation } from './monitor.ts';
import { runInstances } from './instances/run-instances.ts';
import { instanceScenarioArbitrary, type InstanceScenario } from './instances/scenario.ts';
import { runScenario } from './run-scenario.ts';
import { scenarioArbitrary, type Scenario } from './scenario.ts';

/** How worlds are drawn. */
export interface WorldOptions {
  /** The largest number of tabs that a world starts with, or of instances. */
  readonly tabs?: number;
  /** Whether the worlds are data centres with several instances of a server. */
  readonly instances?: boolean;
  /** With `server`, the worlds are pages whose server keeps the session. */
  readonly place?: 'server';
  /** Only worlds with the refresh token in this place. */
  readonly refreshToken?: 'page' | 'cookie';
  /** Path to a shrunk scenario of the seed. */
  readonly path?: string;
  /** Whether a failing scenario is shrunk (`true`). */
  readonly shrinks?: boolean;
  /** Called with a line for each thing that happens in the first scenario that runs. */
  readonly trace?: (line: string) => void;
}

/** A failed world, and everything needed to run it again. */
export interface Failure {
  readonly seed: number;
  readonly path: string;
  readonly message: string;
  /** The invariant's number; `null` if the simulation itself threw. */
  readonly number: number | null;
  readonly scenario: Scenario | InstanceScenario | PageScenario;
}

/** The outcome of one world. */
export interface WorldReport {
  readonly counts: Counts;
  readonly failure: Failure | null;
}

/** Draws a world from its seed and runs it; shrinks its scenario if it fails. */
export function runWorld(seed: number, options: WorldOptions = {}): Promise<WorldReport> {
  const { tabs, refreshToken } = options;
  if (options.place) return runDrawn(seed, anyPageScenario, (scenario, trace) => runPages(scenario, undefined, trace), options);
  return options.instances
    ? runDrawn(seed, instanceScenarioArbitrary({ mostInstances: tabs }), runInstances, options)
    : runDrawn(seed, scenarioArbitrary({ mostTabs: tabs, refreshToken }), runScenario, options);
}

type Trace = (line: string) => void;

async function runDrawn<S extends Failure['scenario']>(seed: number, anyScenario: fc.Arbitrary<S>, run: (scenario: S, trace?: Trace) => Promise<Counts>, { path = '', shrinks = true, trace = () => undefined }: WorldOptions): Promise<WorldReport> {
  let counts: Counts | null = null;
  let runs = 0;
  const property = fc.asyncProperty(anyScenario, async (scenario) => {
    const counted = await run(scenario, runs++ === 0 ? trace : undefined);
    counts ??= counted;
  });
  const result = await fc.check(property, { seed, numRuns: 1, endOnFailure: !shrinks, ...(path === '' ? {} : { path }) });
  const failure = result.failed ? failureOf(seed, result.counterexample?.[0], result.counterexamplePath, result.errorInstance) : null;
  return { counts: counts ?? { ...emptyCounts(), worlds: 1 }, failure };
}

function failureOf(seed: number, scenario: Failure['scenario'] | undefined, path: string | null, error: unknown): Failure {
  if (!scenario) throw new Error(`No scenario could be drawn from seed ${seed}.`, { cause: error });
  const message = error instanceof Violation ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { seed, path: path ?? '0', message, number: error instanceof Violation ? error.number : null, scenario };
}

/** Returns the command that runs a failed world again. */
export function replayCommand({ seed, path }: Failure, { tabs, instances, refreshToken, place }: Pick<WorldOptions, 'tabs' | 'instances' | 'refreshToken' | 'place'> = {}): string {
  const more = [...(instances ? ['--instances'] : []), ...(tabs === undefined ? [] : ['--tabs', tabs]), ...(refreshToken === undefined ? [] : ['--refresh-token', refreshToken]), ...(place ? ['--place', place] : [])];
  return ['npm run simulate --', '--seed', seed, '--path', path, ...more].join(' ');
}

/** Formats a scenario, with a line for each event. */
export function scenarioText({ events, ...setting }: Failure['scenario']): string {
  return [JSON.stringify(setting), ...events.map((event) => `  ${JSON.stringify(event)}`)].join('\n');
}
