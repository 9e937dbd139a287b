import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from './result.ts';

const HEAD = ['scenario', 'rounds', 'refreshes', 'reuses', 'answers', 'sessions that lived', 'note'];

/** Gathers what the tests of each engine left in a folder, prints it as a table, and keeps it. */
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

/** The results, a line each, engine by engine. */
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

/** A dash stands where a scenario has no such thing. */
function rowOf({ scenario, rounds, refreshes, reuses, answers, calls, lived, note }: Result): string[] {
  const answered = calls === 0 ? '-' : `${answers} of ${calls}`;
  const granted = calls === 0 && refreshes === 0 ? '-' : String(refreshes);
  return [scenario, String(rounds), granted, granted === '-' ? '-' : String(reuses), answered, lived === null ? '-' : `${lived} of ${rounds}`, note];
}
