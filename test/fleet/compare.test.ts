import { expect, it } from 'vitest';
import { compareFleets, type Committed, type Row } from '../../bench/fleet/compare.ts';

const row: Row = { policy: 'unexpired', scenario: 'outage', lifetimeMs: 3_600_000, mean: 80, peak: 700, overload: 5, drainS: 180, failedCalls: 3000, lost: 0 };
const committed: Committed = { browsers: 1000, seed: 1, rows: [row] };
const small: Row = { ...row, mean: 8, peak: 70, failedCalls: 300 };

it('compareFleets finds nothing worse in a tenth of the fleet with a tenth of the load', () => {
  expect(compareFleets(committed, [small], 100)).toEqual([]);
  expect(compareFleets(committed, [{ ...small, peak: 80, drainS: 200 }], 100)).toEqual([]);
});

it('compareFleets names each figure that got worse, in the size of the committed fleet', () => {
  expect(compareFleets(committed, [{ ...small, peak: 90, lost: 1 }], 100)).toEqual(['outage, unexpired, 60 min, peak: 700 has become 900', 'outage, unexpired, 60 min, lost: 0 has become 10']);
});

it('compareFleets reports a fleet that never drains, but not one that never did', () => {
  expect(compareFleets(committed, [{ ...small, drainS: null }], 100)).toEqual(['outage, unexpired, 60 min, drainS: 180 has become Infinity']);
  expect(compareFleets({ ...committed, rows: [{ ...row, drainS: null }] }, [{ ...small, drainS: null }], 100)).toEqual([]);
});

it('compareFleets reports a row that was not committed', () => {
  expect(compareFleets({ ...committed, rows: [] }, [small], 100)).toEqual(['outage, unexpired, 60 min has no committed figures: npm run simulate:fleet']);
});
