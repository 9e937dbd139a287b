import { readFile, writeFile } from 'node:fs/promises';
import { PEERS } from '../peers/index.ts';
import { PARTS, type PartName, type Results } from './results.ts';

interface Table {
  readonly part: PartName;
  readonly columns: Readonly<Record<string, string>>;
}

const TABLES: Readonly<Record<string, Table>> = {
  bursts: { part: 'bursts', columns: { 'burst-1': '1 instance', 'burst-cold': '1 instance, just started', 'burst-4': '4 instances', 'burst-8': '8 instances', 'burst-revoked': '4 instances, token revoked early' } },
  faults: {
    part: 'faults',
    columns: {
      'sign-out': 'sign-out during a refresh',
      'outage-good': '503 for 2 s, token good for 30 s',
      'outage-expired': '503 for 2 s, token expired',
      'lost-answer': 'answer lost, grace of 10 s',
      'late-answer': 'late answer overwrites newer cookies',
      cookie: 'cookies with large tokens',
    },
  },
  cost: { part: 'cost', columns: { 'cost-trips': 'round trips', 'cost-processor': 'processor, ms more', 'cost-median': 'median, ms more', 'cost-p99': 'p99, ms more', 'cost-rate': 'requests a second', 'cost-ratio': '× without a session' } },
  proxy: { part: 'proxy', columns: { 'proxy-trips': 'round trips', 'proxy-median': 'median, ms more', 'proxy-p99': 'p99, ms more', 'proxy-rate': 'requests a second', 'proxy-ratio': '× direct', 'proxy-processor': 'processor, ms' } },
  stores: { part: 'stores', columns: { 'store-0': '10,000 sessions', 'store-1': '100,000 sessions', 'store-rate': 'sign-ins a second', 'store-read': 'request with 100,000 sessions, median ms' } },
};

/** Figures that say nothing if other work uses the machine, and the highest load at which they are shown. */
const UNSTEADY: readonly string[] = ['cost-p99', 'cost-rate', 'cost-ratio', 'proxy-p99', 'proxy-rate', 'proxy-ratio', 'store-rate', 'store-read'];
const STEADY_LOAD = 3;

/** Dependencies of the benchmark that no peer uses. */
const TOOLS = /^(@types\/|esbuild$|selfsigned$|jose$)/;

/** Between `<!-- bench: name -->` and `<!-- /bench -->`. */
const PLACE = /(<!-- bench: ([\w-]+) -->\n)[^]*?(<!-- \/bench -->)/g;

/** Puts the figures between the markers of the README. */
export async function writeReadme(folder: string, results: Results): Promise<void> {
  const file = `${folder}/README.md`;
  const { dependencies } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8')) as { dependencies: Record<string, string> };
  const before = await readFile(file, 'utf8');
  const text = (name: string) => {
    if (name === 'machine') return machineText(results);
    if (name === 'versions') return `${Object.entries(dependencies).filter(([title]) => !TOOLS.test(title)).map(([title, version]) => `${title} ${version}`).join(', ')}.`;
    return markdown(name, results);
  };
  const after = before.replace(PLACE, (_place, begin: string, name: string, end: string) => `${begin}${text(name)}\n${end}`);
  if (after !== before) await writeFile(file, after);
}

export function markdown(name: string, results: Results, peers: readonly string[] = PEERS.map((peer) => peer.name)): string {
  const table = TABLES[name];
  if (!table) throw new RangeError(`The README shows "${name}", which is no table.`);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const keys = Object.keys(table.columns);
  const rows = PEERS.filter(({ name: peer }) => peers.includes(peer)).flatMap(({ name: peer, title }) => {
    const part = results[peer]?.[table.part];
    const isShown = (key: string) => part !== undefined && (part.load <= STEADY_LOAD || !UNSTEADY.includes(key));
    return part ? [line([title, ...keys.map((key) => (isShown(key) && part.cells[key]) || '–')])] : [];
  });
  return [line(['', ...Object.values(table.columns)]), line(['---', ...keys.map(() => '---')]), ...rows].join('\n');
}

/** Where and when each part was taken. The load says how far its timings can be trusted. */
function machineText(results: Results): string {
  return PARTS.flatMap((name) => {
    const parts = Object.values(results).flatMap((each) => each[name] ?? []);
    const [first] = parts;
    if (!first) return [];
    const span = (values: readonly number[]) => (Math.min(...values) === Math.max(...values) ? `${values[0]}` : `${Math.min(...values)} to ${Math.max(...values)}`);
    const days = [...new Set(parts.map(({ takenAt }) => takenAt))].sort().join(' and ');
    return [`- \`${name}\`: ${days}, rounds ${span(parts.map(({ rounds }) => rounds))}, load ${span(parts.map(({ load }) => load))}. ${[...new Set(parts.map(({ machine }) => machine))].join('; ')}.`];
  }).join('\n');
}
