import { describe, expect, it } from 'vitest';
import { machines } from '../../bench/report/documents.ts';
import { withMeasured, type Machine, type Results } from '../../bench/report/results.ts';
import type { Table } from '../../bench/scenarios/table.ts';

const machine = (processor: string): Machine => ({ processor, cores: 2, memoryGb: 4, system: 'Linux', node: '20', chromium: '156' });
const table = (id: string, note = ''): Table => ({ id, title: id, note, columns: [], rows: [] });
const whole = (): Results => withMeasured({ runs: [], tables: [] }, { takenAt: '2026-01-01T10:00:00Z', machine: machine('Old') }, [table('bytes'), table('burst'), table('tabs')]);

describe('figures that are measured again', () => {
  it('replace the former ones, and leave the other figures with their run', () => {
    const { runs, tables } = withMeasured(whole(), { takenAt: '2026-02-02T10:00:00Z', machine: machine('New') }, [table('burst', 'again')]);
    expect(tables.map(({ id, note }) => id + note)).toEqual(['bytes', 'burstagain', 'tabs']);
    expect(runs.map((run) => [run.machine.processor, run.tables])).toEqual([['Old', ['bytes', 'tabs']], ['New', ['burst']]]);
  });

  it('belong to one run, even if its tables are written one after the other', () => {
    const run = { takenAt: '2026-02-02T10:00:00Z', machine: machine('New') };
    const { runs } = ['burst', 'tabs', 'bytes'].reduce((results, id) => withMeasured(results, run, [table(id)]), whole());
    expect(runs).toEqual([{ ...run, tables: ['burst', 'tabs', 'bytes'] }]);
  });
});

describe('the line about the machine', () => {
  it('names the machine of all figures', () => {
    expect(machines(whole())).toBe('Taken on 2026-01-01: Old, 2 cores, 4 GB, Linux, Node 20, Chromium 156 (headless).');
  });

  it('names another machine for figures that were taken there', () => {
    const results = withMeasured(whole(), { takenAt: '2026-02-02T10:00:00Z', machine: machine('New') }, [table('bytes')]);
    const [first, second] = machines(results).split('\n');
    expect(first).toMatch(/^Taken on 2026-01-01: Old/);
    expect(second).toMatch(/^Those of `bytes` were taken on 2026-02-02: New/);
  });
});
