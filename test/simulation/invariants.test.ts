import { describe, expect, it } from 'vitest';
import { patience } from '../support/pace.ts';
import { replayCommand, runWorld, scenarioText, type Failure, type WorldOptions } from './run-world.ts';

const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 100);
const SEED = Number(process.env['SIMULATION_SEED'] ?? 1);

const textOf = (failure: Failure, options: WorldOptions) => `${failure.message}\n${scenarioText(failure.scenario)}\nTo run it again: ${replayCommand(failure, options)}`;

describe.each<[string, WorldOptions]>([['tabs', {}], ['instances of a server', { instances: true }]])('the simulation of %s', (_, options) => {
  it(
    `finds no violation of an invariant in ${RUNS} worlds`,
    async () => {
      for (let seed = SEED; seed < SEED + RUNS; seed++) {
        const { failure } = await runWorld(seed, options);
        expect(failure && textOf(failure, options)).toBeNull();
      }
    },
    patience(60_000 + RUNS * 1000),
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
