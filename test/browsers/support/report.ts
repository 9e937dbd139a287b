import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from './result.ts';

const HEAD = ['engine', 'scenario', 'rounds', 'refreshes', 'reuses', 'answers', 'lived', 'note'];

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

/** The results, a line each. */
export function tableOf(results: readonly Result[]): string {
  const rows = [HEAD, ...results.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}

function rowOf({ engine, scenario, rounds, refreshes, reuses, answers, calls, lived, note }: Result): string[] {
  const answered = calls === 0 ? '-' : `${answers} of ${calls}`;
  return [engine, scenario, String(rounds), String(refreshes), String(reuses), answered, lived === null ? '-' : `${lived} of ${rounds}`, note];
}
