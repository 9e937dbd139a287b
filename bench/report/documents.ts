import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Results, Run } from './results.ts';
import { scoreboard } from './scoreboard.ts';
import { markdownTable } from './text-table.ts';
import { versions } from './versions.ts';

const DOCUMENTS = ['../../README.md', '../README.md'].map((file) => fileURLToPath(new URL(file, import.meta.url)));

/** Between `<!-- bench: name -->` and `<!-- /bench -->`. */
const PLACE = /(<!-- bench: ([\w-]+) -->\n)[^]*?(<!-- \/bench -->)/g;

/** Writes the figures into the documents that show them. */
export async function writeDocuments(results: Results): Promise<void> {
  const packages = await versions();
  for (const file of DOCUMENTS) {
    const text = await readFile(file, 'utf8');
    const written = text.replace(PLACE, (_place, begin: string, name: string, end: string) => `${begin}${partOf(results, packages, name, file)}\n${end}`);
    if (written !== text) await writeFile(file, written);
  }
}

function partOf(results: Results, packages: string, name: string, file: string): string {
  if (name === 'machine') return machines(results);
  if (name === 'versions') return packages;
  if (name === 'scoreboard') return scoreboard(results);
  const table = results.tables.find(({ id }) => id === name);
  if (!table) throw new RangeError(`${file} shows "${name}", which was not measured.`);
  return `${table.note}\n\n${markdownTable(table)}`;
}

/** Where and when the figures were taken, and which of them elsewhere. */
export function machines({ runs }: Pick<Results, 'runs'>): string {
  return [...runs]
    .sort((a, b) => b.tables.length - a.tables.length)
    .map((run, index) => (index === 0 ? `Taken ${placeOf(run)}.` : `Those of \`${run.tables.join('`, `')}\` were taken ${placeOf(run)}.`))
    .join('\n');
}

function placeOf({ takenAt, machine: { processor, cores, memoryGb, system, node, chromium } }: Run): string {
  return `on ${takenAt.slice(0, 10)}: ${processor}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node}, Chromium ${chromium} (headless)`;
}
