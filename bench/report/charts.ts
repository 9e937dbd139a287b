import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Column, Table } from '../scenarios/table.ts';
import type { Results } from './results.ts';
import { cellText, plainTitle } from './text-table.ts';

/** A chart of one column of a table. */
interface Chart {
  readonly file: string;
  readonly table: string;
  readonly column: string;
  readonly title: string;
  /** For values that differ by orders of magnitude. */
  readonly logarithmic?: boolean;
}

const CHARTS: readonly Chart[] = [
  { file: 'hot-path', table: 'hot-path-chromium', column: 'one', title: 'A call with a valid token, µs in Chromium (logarithmic)', logarithmic: true },
  { file: 'bytes', table: 'bytes', column: 'brotli', title: 'Bytes of a client, kB brotli' },
  { file: 'tabs', table: 'tabs-expired', column: 'refreshes', title: '8 tabs open with an expired token: most refreshes in a round (1 is right)' },
  { file: 'start', table: 'start-expired', column: 'ms', title: 'Time from navigation to the first answer with an expired token, ms' },
];

/** Draws the charts beside the results. */
export async function writeCharts({ tables }: Results): Promise<void> {
  for (const chart of CHARTS) {
    const table = tables.find(({ id }) => id === chart.table);
    const column = table?.columns.find(({ key }) => key === chart.column);
    if (!table || !column) continue;
    await writeFile(fileURLToPath(new URL(`../results/${chart.file}.svg`, import.meta.url)), barChart(chart, table, column));
  }
}

const WIDTH = 760;
const LABELS = 270;
const VALUES = 70;
const ROW = 26;
const TOP = 44;

const STYLE = `
  .paper { fill: #fffdf8 } text { font: 13px system-ui, sans-serif; fill: #2b2622 } .title { font-weight: 600; font-size: 14px }
  .bar { fill: #b9ae9f } .ours { fill: #c2410c } .ours-label { font-weight: 600 }
  @media (prefers-color-scheme: dark) { .paper { fill: #1c1917 } text { fill: #f0e9df } .bar { fill: #6b6259 } .ours { fill: #fb923c } }`;

/** Horizontal bars, the shortest first. */
function barChart({ title, logarithmic = false }: Chart, table: Table, column: Column): string {
  const bars = table.rows
    .map((row) => ({ row, value: most(row.cells[column.key] ?? null), text: cellText(row.cells[column.key], column) }))
    .filter((bar): bar is typeof bar & { value: number } => bar.value !== null)
    .sort((a, b) => a.value - b.value);
  const longest = Math.max(...bars.map(({ value }) => value));
  const shortest = Math.min(...bars.map(({ value }) => value));
  const share = (value: number) => (logarithmic ? 0.08 + (0.92 * Math.log(value / shortest)) / Math.log(longest / shortest) : value / longest);
  const height = TOP + bars.length * ROW + 12;
  const rows = bars.map(({ row, value, text }, index) => {
    const y = TOP + index * ROW;
    const length = Math.max(2, share(value) * (WIDTH - LABELS - VALUES - 24));
    const ours = row.peer.startsWith('unexpired');
    return `<text x="${LABELS - 10}" y="${y + 16}" text-anchor="end"${ours ? ' class="ours-label"' : ''}>${escaped(plainTitle(row.title))}</text>
  <rect class="bar${ours ? ' ours' : ''}" x="${LABELS}" y="${y + 3}" width="${length.toFixed(1)}" height="${ROW - 9}" rx="3"/>
  <text x="${(LABELS + length + 8).toFixed(1)}" y="${y + 16}">${escaped(text)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">
  <style>${STYLE}</style>
  <rect class="paper" width="${WIDTH}" height="${height}" rx="8"/>
  <text class="title" x="16" y="26">${escaped(title)}</text>
  ${rows.join('\n  ')}
</svg>
`;
}

/** The number in a cell, or the higher one of a range. */
function most(cell: number | string | null): number | null {
  if (typeof cell !== 'string') return cell;
  const last = Number(cell.split('–').at(-1));
  return Number.isNaN(last) ? null : last;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
