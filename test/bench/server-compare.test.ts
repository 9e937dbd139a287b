import { expect, it } from 'vitest';
import { compare } from '../../bench/sessions/report/compare.ts';
import type { Part, Results } from '../../bench/sessions/report/results.ts';

const part = (cells: Part['cells']): Part => ({ takenAt: '2026-01-01', machine: '', load: 1, rounds: 5, cells });
const worse = (key: string, before: string, now: string) => compare({ unexpired: { bursts: part({ [key]: before }) } }, { unexpired: { bursts: part({ [key]: now }) } }).length > 0;

it('compare names the figure of the server that got worse, with the old and the new value', () => {
  const results = (cell: string): Results => ({ unexpired: { bursts: part({ 'burst-4': cell }) } });
  expect(compare(results('1 / 0 / 80 of 80 / 5 of 5'), results('1–2 / 0 / 80 of 80 / 5 of 5'))).toEqual(['bursts, unexpired, burst-4: 1 / 0 / 80 of 80 / 5 of 5 has become 1–2 / 0 / 80 of 80 / 5 of 5']);
  expect(compare({}, results('1 / 0 / 80 of 80 / 5 of 5'))).toEqual(['bursts, unexpired has no committed figures: npm run bench:server']);
});

it.each([
  ['burst-4', '1 / 0 / 80 of 80 / 5 of 5', '1 / 0 / 80 of 80 / 3 of 3', false],
  ['burst-4', '1 / 0 / 80 of 80 / 5 of 5', '1 / 1 / 80 of 80 / 5 of 5', true],
  ['burst-4', '1 / 0 / 80 of 80 / 5 of 5', '1 / 0 / 79–80 of 80 / 5 of 5', true],
  ['burst-4', '1 / 0 / 80 of 80 / 5 of 5', '1 / 0 / 80 of 80 / 2 of 3', true],
  ['sign-out', 'stays out 3 of 3', 'stays out 2 of 2', false],
  ['sign-out', 'stays out 3 of 3', 'back 3 of 3', true],
  ['cookie', '58 B', '57 B', false],
  ['cookie', '58 B', '59 B', true],
  ['cost-trips', '1', '1', false],
  ['cost-trips', '1', '2', true],
  ['cost-processor', '0.25', '0.80', false],
  ['store-0', 'Redis 24.2 MB, process 0.6 MB', 'Redis 24.9 MB, process 2.6 MB', false],
  ['store-0', 'Redis 24.2 MB, process 0.6 MB', 'Redis 24.2 MB, process 4.6 MB', true],
  ['store-0', 'Redis 24.2 MB, process 0.6 MB', 'Redis 28.0 MB, process 0.6 MB', true],
  ['store-0', 'process 0.6 MB', 'Redis 24.2 MB, process 0.6 MB', true],
  ['cost-rate', '4996', '1000', false],
])('compare checks %s: %s that has become %s is worse: %s', (key, before, now, isWorse) => {
  expect(worse(key, before, now)).toBe(isWorse);
});
