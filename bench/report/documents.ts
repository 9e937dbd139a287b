import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PEER_NAMES, type PeerName } from '../peers/names.ts';
import type { Results, Run } from './results.ts';
import { scoreboard } from './scoreboard.ts';
import { markdownTable } from './text-table.ts';
import { versions } from './versions.ts';

/** The documents that show figures, and which rows the scoreboard of each has. */
const DOCUMENTS: readonly { readonly file: string; readonly peers: readonly PeerName[] }[] = [
  { file: '../../README.md', peers: ['unexpired', 'shared', 'axios-auth-refresh', 'auth0'] },
  { file: '../README.md', peers: PEER_NAMES.filter((peer) => peer !== 'bare') },
];

/** Between `<!-- bench: name -->` and `<!-- /bench -->`. */
const PLACE = /(<!-- bench: ([\w-]+) -->\n)[^]*?(<!-- \/bench -->)/g;

/** Writes the figures into the documents that show them. */
export async function writeDocuments(results: Results): Promise<void> {
  for (const { file, before, after } of await renderDocuments(results)) if (after !== before) await writeFile(file, after);
}

/** The text of each document before and after the figures are put into it. */
export async function renderDocuments(results: Results): Promise<{ readonly file: string; readonly before: string; readonly after: string }[]> {
  const packages = await versions();
  return Promise.all(
    DOCUMENTS.map(async ({ file: path, peers }) => {
      const file = fileURLToPath(new URL(path, import.meta.url));
      const before = await readFile(file, 'utf8');
      const part = (name: string) => partOf({ results, packages, peers, file }, name);
      return { file, before, after: before.replace(PLACE, (_place, begin: string, name: string, end: string) => `${begin}${part(name)}\n${end}`) };
    }),
  );
}

interface Material {
  readonly results: Results;
  readonly packages: string;
  readonly peers: readonly PeerName[];
  readonly file: string;
}

function partOf({ results, packages, peers, file }: Material, name: string): string {
  if (name === 'machine') return machines(results);
  if (name === 'versions') return packages;
  if (name === 'scoreboard') return scoreboard(results, peers);
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
