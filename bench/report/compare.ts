import type { Cell, Column, Table } from '../scenarios/table.ts';
import type { Results } from './results.ts';

/** Describes each figure of unexpired that is worse than the committed one by more than the column's tolerance. */
export function compare(committed: Results, tables: readonly Table[]): string[] {
  return tables.flatMap((table) => {
    const known = committed.tables.find(({ id }) => id === table.id);
    if (!known) return [`${table.id} has no committed figures: npm run bench`];
    return table.rows.filter(({ peer }) => peer.startsWith('unexpired')).flatMap(({ peer, cells }) => {
      const before = known.rows.find((row) => row.peer === peer)?.cells;
      if (!before) return [`${table.id}, ${peer} has no committed figures: npm run bench`];
      return table.columns
        .filter((column) => isWorse(cells[column.key], before[column.key], column))
        .map((column) => `${table.id}, ${peer}, ${column.title}: ${String(before[column.key])} has become ${String(cells[column.key])}`);
    });
  });
}

function isWorse(nowCell: Cell | undefined, beforeCell: Cell | undefined, { tolerance, slack, better }: Column): boolean {
  if (slack !== undefined) return distance(nowCell) > distance(beforeCell) + slack;
  if (tolerance === undefined) return false;
  const [now, before] = [measured(nowCell, better), measured(beforeCell, better)];
  if (typeof now !== 'number' || typeof before !== 'number') return now !== before;
  return better === 'higher' ? now < before / tolerance : now > before * tolerance;
}

/** How far a cell such as `+0.1` or `−45.1` is from 0. Text that is no number, such as `goes on`, is infinitely far. */
function distance(cell: Cell | undefined): number {
  const value = Number(String(cell ?? '').replace('−', '-') || NaN);
  return Number.isNaN(value) ? Infinity : Math.abs(value);
}

/** The value of a cell that is compared, which is the worse end of a range. */
function measured(cell: Cell | undefined, better: Column['better']): Cell | undefined {
  return typeof cell === 'string' ? (share(cell) ?? worseEnd(cell, better) ?? cell) : cell;
}

/** Reads `19 of 20` as a share, because the number of rounds may differ. A session whose app is stuck counts as lost. */
function share(cell: string): number | null {
  const [, part, whole, stuck = 0] = /^(\d+) of (\d+)(?:, (\d+) stuck)?$/.exec(cell) ?? [];
  return part === undefined ? null : (Number(part) - Number(stuck)) / Number(whole);
}

function worseEnd(cell: string, better: Column['better']): number | null {
  const [, low, high] = /^([\d.]+)–([\d.]+)$/.exec(cell) ?? [];
  return low === undefined ? null : Number(better === 'higher' ? low : high);
}
