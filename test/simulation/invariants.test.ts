import { expect, it } from 'vitest';
import { KNOWN_GAPS } from './known-gaps.ts';
import { replayCommand, runWorld, storyText, type Breach } from './run-world.ts';

const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 300);
const SEED = Number(process.env['SIMULATION_SEED'] ?? 1);

const told = (breach: Breach) => `${breach.message}\n${storyText(breach.story)}\nSee it again: ${replayCommand(breach, undefined)}`;

it(
  `keeps every invariant, at every step of ${RUNS} simulated worlds`,
  async () => {
    for (let seed = SEED; seed < SEED + RUNS; seed++) {
      const { breach } = await runWorld(seed, { gaps: KNOWN_GAPS });
      expect(breach && told(breach)).toBeNull();
    }
  },
  Math.max(120_000, RUNS * 1000),
);

it('tells the same world twice by the same seed', async () => {
  const narrated = async (seed: number) => {
    const lines: string[] = [];
    await runWorld(seed, { gaps: KNOWN_GAPS, narrate: (line) => lines.push(line) });
    return lines;
  };
  for (let seed = SEED; seed < SEED + 10; seed++) {
    const lines = await narrated(seed);
    expect(lines.length).toBeGreaterThan(10);
    expect(await narrated(seed)).toEqual(lines);
  }
});
