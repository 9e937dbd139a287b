import { expect, it } from 'vitest';
import { compare } from '../../bench/report/compare.ts';
import type { Results } from '../../bench/report/results.ts';
import type { Cell, Table } from '../../bench/scenarios/table.ts';

function tableOf(cells: Readonly<Record<string, Cell>>, peer = 'unexpired'): Table {
  return {
    id: 'burst',
    title: 'A burst',
    note: '',
    columns: [
      { key: 'refreshes', title: 'refreshes', tolerance: 1 },
      { key: 'ratio', title: '× bare', tolerance: 1.15 },
      { key: 'ok', title: 'answers', better: 'higher', tolerance: 1 },
      { key: 'session', title: 'session', tolerance: 1 },
      { key: 'ms', title: 'ms' },
    ],
    rows: [{ peer, title: peer, cells: { refreshes: 1, ratio: 1.2, ok: 200, session: 'lives', ms: 10, ...cells } }],
  };
}

function committed(table: Table): Results {
  return { runs: [], tables: [table] };
}

it('compare reports nothing for equal figures, better figures and columns without a tolerance', () => {
  expect(compare(committed(tableOf({})), [tableOf({})])).toEqual([]);
  expect(compare(committed(tableOf({})), [tableOf({ refreshes: 0, ratio: 1, ok: 201, ms: 5000 })])).toEqual([]);
});

it('compare names the figure of unexpired that got worse, with the old and the new value', () => {
  expect(compare(committed(tableOf({})), [tableOf({ refreshes: 2 })])).toEqual(['burst, unexpired, refreshes: 1 has become 2']);
  expect(compare(committed(tableOf({})), [tableOf({ ok: 199 })])).toHaveLength(1);
  expect(compare(committed(tableOf({})), [tableOf({ session: 'lost' })])).toHaveLength(1);
});

it('compare accepts a ratio that grows within its tolerance and reports a ratio that grows further', () => {
  expect(compare(committed(tableOf({})), [tableOf({ ratio: 1.37 })])).toEqual([]);
  expect(compare(committed(tableOf({})), [tableOf({ ratio: 1.39 })])).toHaveLength(1);
});

it('compare reports a count that has become a range', () => {
  expect(compare(committed(tableOf({})), [tableOf({ refreshes: '1–2' })])).toHaveLength(1);
});

it('compare uses the worse end of a range', () => {
  const range = (cells: Readonly<Record<string, Cell>>, later: Readonly<Record<string, Cell>>) => compare(committed(tableOf(cells)), [tableOf(later)]);
  expect(range({ refreshes: '7–9' }, { refreshes: '5–9' })).toEqual([]);
  expect(range({ refreshes: '7–9' }, { refreshes: 8 })).toEqual([]);
  expect(range({ refreshes: '7–9' }, { refreshes: '7–10' })).toEqual(['burst, unexpired, refreshes: 7–9 has become 7–10']);
  expect(range({ ok: '150–200' }, { ok: '160–180' })).toEqual([]);
  expect(range({ ok: '150–200' }, { ok: '140–200' })).toHaveLength(1);
  expect(range({ ratio: '1.0–1.2' }, { ratio: '1.3–1.37' })).toEqual([]);
  expect(range({ ratio: '1.0–1.2' }, { ratio: '0.9–1.39' })).toHaveLength(1);
});

it('compare ignores the figures of other packages', () => {
  expect(compare(committed(tableOf({}, 'ky')), [tableOf({ refreshes: 200 }, 'ky')])).toEqual([]);
});

it('compare reports a table that has no committed figures', () => {
  expect(compare({ ...committed(tableOf({})), tables: [] }, [tableOf({})])).toEqual(['burst has no committed figures: npm run bench']);
});

function lived(cell: string): Table {
  return { ...tableOf({}), columns: [{ key: 'lived', title: 'lived', better: 'higher', tolerance: 1 }], rows: [{ peer: 'unexpired', title: '', cells: { lived: cell } }] };
}

it('compare uses the share of sessions that lived, for any number of rounds', () => {
  expect(compare(committed(lived('20 of 20')), [lived('2 of 2')])).toEqual([]);
  expect(compare(committed(lived('20 of 20')), [lived('19 of 20')])).toHaveLength(1);
});

it('compare counts a session whose app is stuck as lost', () => {
  expect(compare(committed(lived('5 of 5')), [lived('5 of 5, 1 stuck')])).toEqual(['burst, unexpired, lived: 5 of 5 has become 5 of 5, 1 stuck']);
  expect(compare(committed(lived('4 of 5')), [lived('5 of 5, 1 stuck')])).toEqual([]);
  expect(compare(committed(lived('5 of 5, 1 stuck')), [lived('5 of 5')])).toEqual([]);
});

it('compare uses the distance from 0 and the slack of a column with a sign, and reports a session that goes on', () => {
  const off = (cell: string): Table => ({ ...tableOf({}), columns: [{ key: 'off', title: 'off', slack: 1 }], rows: [{ peer: 'unexpired', title: '', cells: { off: cell } }] });
  expect(compare(committed(off('+0.1')), [off('−1.1')])).toEqual([]);
  expect(compare(committed(off('−45.1')), [off('−0.2')])).toEqual([]);
  expect(compare(committed(off('+0.1')), [off('+1.2')])).toEqual(['burst, unexpired, off: +0.1 has become +1.2']);
  expect(compare(committed(off('0.0')), [off('goes on')])).toHaveLength(1);
  expect(compare(committed(off('goes on')), [off('goes on')])).toEqual([]);
});

it('compare reports a row of unexpired that was not committed', () => {
  expect(compare(committed(tableOf({}, 'unexpired, bound')), [tableOf({})])[0]).toBe('burst, unexpired has no committed figures: npm run bench');
});
