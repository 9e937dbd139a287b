import './clock.ts';
import { parseArgs } from 'node:util';
import { Processes } from './instances/instances.ts';
import { PEERS, peerNamed, takesPart } from './peers/index.ts';
import { compare } from './report/compare.ts';
import { markdown, writeReadme } from './report/documents.ts';
import { PARTS, partOf, readResults, writeResults, type PartName, type Results } from './report/results.ts';
import { Bench } from './scenarios/bench.ts';
import { measureBursts } from './scenarios/burst.ts';
import { measureCost } from './scenarios/cost.ts';
import { measureProxy } from './scenarios/proxy.ts';
import { measureFaults } from './scenarios/faults.ts';
import { measureStores } from './scenarios/stores.ts';

interface Places {
  /** The program of an instance. */
  readonly app: string;
  /** The folder of the benchmark. */
  readonly folder: string;
}

interface Wanted {
  readonly peers: readonly string[];
  readonly parts: readonly PartName[];
  readonly rounds: number;
  /** How often each timing is repeated. */
  readonly timings: number;
  /** How many sessions the stores are measured with. */
  readonly sessions: readonly [number, number];
}

/** The figures of these peers are ours. `--check` compares only them. */
const OURS = 'unexpired';

/** Runs the command: measures, and then saves and prints the figures. Resolves to the exit code. */
export async function run(args: readonly string[], { app, folder }: Places): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      part: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
    },
  });
  const file = `${folder}/results/sessions.json`;
  const known = await readResults(file);
  if (!values.report) {
    const savesAll = !values.quick && !values.check;
    const results = savesAll ? known : {};
    const rounds = values.quick ? 1 : wholeNumber(values.rounds ?? (values.check ? '2' : '5'));
    const peers = values.check ? PEERS.map(({ name }) => name).filter((name) => name.startsWith(OURS)) : peersOf(values.only);
    const wanted = { peers, parts: partsOf(values.part), rounds, timings: savesAll ? rounds * 2 : 2, sessions: sessionsOf(values) };
    await measure(app, wanted, results, async () => {
      if (savesAll) await writeResults(file, results);
    });
    for (const part of wanted.parts) console.log(`${markdown(part, results, wanted.peers)}\n`);
    if (values.check) return printComparison(compare(known, results));
    if (values.quick) return 0;
  }
  await writeReadme(folder, known);
  return 0;
}

function sessionsOf({ quick, check }: { readonly quick: boolean; readonly check: boolean }): readonly [number, number] {
  if (quick) return [1000, 2000];
  return check ? [10_000, 11_000] : [10_000, 100_000]; // Only the memory of 10,000 is compared.
}

function printComparison(regressions: readonly string[]): number {
  for (const regression of regressions) console.error(regression);
  console.log(regressions.length === 0 ? 'Nothing got worse.' : `${regressions.length} got worse.`);
  return regressions.length === 0 ? 0 : 1;
}

/** Counts come first and timings last, one peer after the other. Each part is saved at once. */
async function measure(app: string, { peers, parts, rounds, timings, sessions }: Wanted, results: Results, save: () => Promise<void>): Promise<void> {
  const processes = new Processes();
  endWithUs(processes);
  const bench = await Bench.start(processes, app);
  try {
    const keep = async (peer: string, part: PartName, cells: Readonly<Record<string, string>>, times: number) => {
      results[peer] = { ...results[peer], [part]: partOf(cells, times, bench.versions()) };
      await save();
      console.error(`${part}: ${peer} is measured.`);
    };
    const measures = (peer: string, part: PartName) => parts.includes(part) && takesPart(peerNamed(peer), part);
    for (const peer of peers) {
      if (measures(peer, 'bursts')) await keep(peer, 'bursts', await measureBursts(bench, peer, rounds), rounds);
      if (measures(peer, 'faults')) await keep(peer, 'faults', await measureFaults(bench, peer, Math.min(rounds, 3)), Math.min(rounds, 3));
    }
    for (const peer of peers) {
      if (measures(peer, 'stores')) await keep(peer, 'stores', await measureStores(bench, peer, sessions), 1);
    }
    const costly = peers.filter((peer) => measures(peer, 'cost'));
    if (costly.length > 0) {
      for (const [peer, cells] of await measureCost(bench, costly, timings)) await keep(peer, 'cost', cells, timings);
    }
    const proxies = peers.filter((peer) => measures(peer, 'proxy'));
    if (proxies.length > 0) {
      for (const [peer, cells] of await measureProxy(bench, proxies, timings)) await keep(peer, 'proxy', cells, timings);
    }
  } finally {
    await bench.stop();
    processes.killAll();
  }
}

/** Ends all processes when this one gets a signal to end. */
function endWithUs(processes: Processes): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      processes.killAll();
      process.exit(130);
    });
  }
}

function peersOf(only: string | undefined): readonly string[] {
  return only === undefined ? PEERS.map(({ name }) => name) : only.split(',').map((name) => peerNamed(name).name);
}

function partsOf(part: string | undefined): readonly PartName[] {
  const names = part?.split(',') ?? PARTS;
  const unknown = names.find((name) => !PARTS.some((each) => each === name));
  if (unknown !== undefined) throw new RangeError(`--part has no part "${unknown}". It takes ${PARTS.join(', ')}.`);
  return PARTS.filter((name) => names.includes(name));
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`--rounds must be a whole number above 0, not "${text}".`);
  return value;
}
