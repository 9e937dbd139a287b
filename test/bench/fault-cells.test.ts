import { expect, it } from 'vitest';
import { faultCells, type FaultRound } from '../../bench/scenarios/fault-cells.ts';

function round(changed: Partial<FaultRound>): FaultRound {
  return { refreshes: 1, againS: 0.2, alive: true, ...changed };
}

function rounds(againS: readonly (number | null)[]): FaultRound[] {
  return againS.map((each) => round({ againS: each }));
}

it('faultCells gives the median time until calls work again, with the lowest and the highest', () => {
  expect(faultCells(rounds([16.04, 0.44, 12.3, 3, 7.5]))).toMatchObject({ againS: 7.5, spread: '0.4–16.0' });
});

it('faultCells gives one number when all rounds are alike', () => {
  expect(faultCells(rounds([0.21, 0.22, 0.2]))).toEqual({ refreshes: 1, againS: 0.21, spread: '0.2', lived: '3 of 3' });
});

it('faultCells gives the range from the fewest to the most refreshes of a round', () => {
  expect(faultCells([round({ refreshes: 8 }), round({ refreshes: 7 }), round({ refreshes: 9 })])).toMatchObject({ refreshes: '7–9' });
});

it('faultCells gives never as the median if most rounds did not recover, and as the highest if one did not', () => {
  expect(faultCells(rounds([null, null, 3]))).toMatchObject({ againS: 'never', spread: '3.0–never' });
  expect(faultCells(rounds([null, 1, 3]))).toMatchObject({ againS: 3, spread: '1.0–never' });
  expect(faultCells(rounds([null, null]))).toMatchObject({ againS: 'never', spread: 'never' });
});

it('faultCells distinguishes a lost session from a living one whose app is stuck', () => {
  expect(faultCells([round({ againS: null, alive: false }), round({})])).toMatchObject({ lived: '1 of 2' });
  expect(faultCells([round({ againS: null }), round({})])).toMatchObject({ lived: '2 of 2, 1 stuck' });
});

it('faultCells counts a session as lost if it ended after calls worked again', () => {
  expect(faultCells([round({ alive: false })])).toMatchObject({ lived: '0 of 1' });
});
