import type { Cell, Column, Table } from '../scenarios/table.ts';

export function cellText(cell: Cell | undefined, { digits }: Column): string {
  if (cell === null || cell === undefined) return '–';
  return typeof cell === 'number' && digits !== undefined ? cell.toFixed(digits) : String(cell);
}

/** Formats a table for a terminal. */
export function textTable(table: Table): string {
  const head = ['', ...table.columns.map(({ title }) => title)];
  const body = table.rows.map(({ title, cells }) => [plainTitle(title), ...table.columns.map((column) => cellText(cells[column.key], column))]);
  const widths = head.map((_, index) => Math.max(...[head, ...body].map((row) => row[index]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((text, index) => (index === 0 ? text.padEnd(widths[index] ?? 0) : text.padStart(widths[index] ?? 0))).join('  ');
  return [table.title, line(head), ...body.map(line)].join('\n');
}

/** Formats a table as Markdown. */
export function markdownTable(table: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line([table.title, ...table.columns.map(({ title }) => title)]),
    line(['---', ...table.columns.map(() => '--:')]),
    ...table.rows.map(({ title, cells }) => line([title, ...table.columns.map((column) => cellText(cells[column.key], column))])),
  ].join('\n');
}

/** Removes the Markdown from a title. */
export function plainTitle(title: string): string {
  return title.replaceAll(/[*`]/g, '');
}
