import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from './result.ts';

const HEAD = ['scenario', 'rounds', 'refreshes', 'reuses', 'answers', 'sessions that lived', 'note'];

/** Reads the results that the tests of each engine left in a folder, prints them as a table, and saves both. */
export async function reportResults(from: string, to: URL): Promise<void> {
  const files = (await readdir(from)).toSorted();
  const parts = await Promise.all(files.map(async (file) => JSON.parse(await readFile(join(from, file), 'utf8')) as Result[]));
  const results = parts.flat();
  if (results.length === 0) return;
  const table = tableOf(results);
  await mkdir(to, { recursive: true });
  await writeFile(new URL('browsers.json', to), `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(new URL('browsers.txt', to), table);
  console.info(`\n${table}`);
}

/** Formats the results as one table per engine. */
function tableOf(results: readonly Result[]): string {
  const rows = [HEAD, ...results.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  const engines = [...new Set(results.map(titleOf))];
  const parts = engines.map((title) => [title, line(HEAD), ...results.filter((result) => titleOf(result) === title).map((result) => line(rowOf(result)))].join('\n'));
  return `${parts.join('\n\n')}\n`;
}

function titleOf({ engine, version }: Result): string {
  return `${engine} (${version})`;
}

/** Formats a result. A dash means that the scenario does not measure this. */
function rowOf({ scenario, rounds, refreshes, reuses, answers, calls, lived, note }: Result): string[] {
  const answered = calls === 0 ? '-' : `${answers} of ${calls}`;
  const granted = calls === 0 && refreshes === 0 ? '-' : String(refreshes);
  return [scenario, String(rounds), granted, granted === '-' ? '-' : String(reuses), answered, lived === null ? '-' : `${lived} of ${rounds}`, note];
}
