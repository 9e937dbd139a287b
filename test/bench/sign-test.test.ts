import { describe, expect, it } from 'vitest';
import { beside, signTest } from '../../bench/scenarios/sign-test.ts';

describe('signTest', () => {
  it.each([
    [15, 5, 0.0414],
    [14, 6, 0.1153],
    [20, 0, 0.0000019],
    [5, 0, 0.0625],
    [6, 0, 0.03125],
    [9, 1, 0.0215],
  ])('gives the two-sided binomial probability of %i against %i rounds', (above, below, probability) => {
    expect(signTest(above, below)).toBeCloseTo(probability, 4);
    expect(signTest(below, above)).toBe(signTest(above, below));
  });

  it('gives 1 for rounds that are split evenly, and for no rounds', () => {
    expect(signTest(10, 10)).toBe(1);
    expect(signTest(0, 0)).toBe(1);
  });
});

describe('beside', () => {
  const ours = Array.from({ length: 20 }, () => 10);
  const slowerIn = (rounds: number) => ours.map((value, round) => (round < rounds ? value + 1 : value - 1));
  const words = ['slower', 'faster'] as const;

  it('gives a tie unless at least 15 of 20 rounds agree', () => {
    expect(beside(slowerIn(14), ours, words)).toBe('tie, slower in 14 of 20');
    expect(beside(slowerIn(6), ours, words)).toBe('tie, slower in 6 of 20');
  });

  it('gives the direction and the rounds that agree', () => {
    expect(beside(slowerIn(15), ours, words)).toBe('slower, 15 of 20');
    expect(beside(slowerIn(3), ours, words)).toBe('faster, 17 of 20');
  });

  it('compares the figures of the same round', () => {
    const drifting = ours.map((_, round) => round);
    expect(beside(drifting.map((value) => value + 0.1), drifting, ['more', 'less'])).toBe('more, 20 of 20');
  });

  it('leaves out rounds without a difference', () => {
    expect(beside(ours, ours, words)).toBe('tie, slower in 0 of 20');
    expect(beside(ours.map((value, round) => (round < 6 ? value + 1 : value)), ours, words)).toBe('slower, 6 of 20');
  });
});
