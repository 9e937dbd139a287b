import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem, type as osType, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare } from './report/compare.ts';
import { writeCharts } from './report/charts.ts';
import { writeDocuments } from './report/documents.ts';
import { textTable } from './report/text-table.ts';
import { ALL_PEERS, MEASUREMENTS, measureAll, type Rounds } from './measure.ts';
import { everyPeer, onlyPeers } from './scenarios/choice.ts';
import type { Table } from './scenarios/table.ts';
import { withMeasured, type Machine, type Results } from './report/results.ts';
import { showProgress } from './report/progress.ts';

const RESULTS = fileURLToPath(new URL('./results/bench.json', import.meta.url));

/** The peers whose figures `--check` compares. Tables add those that their ratios refer to. */
const COMPARED: readonly string[] = ['unexpired'];

/** Runs the command: measures, and then prints, saves or compares the figures. Resolves to the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      rounds: { type: 'string' },
      peers: { type: 'string' },
      check: { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
    },
  });
  const known = await readResults();
  if (values.report) {
    await writeReport(known);
    return 0;
  }
  const rounds = wholeNumber(values.rounds ?? (values.check ? '10' : '20'), 'rounds'); // The tolerances of a check are wide enough for half of the rounds.
  const names = listed(values.only, 'only', 'measurement', MEASUREMENTS.map(({ name }) => name));
  const peers = listed(values.peers, 'peers', 'peer', ALL_PEERS);
  if (values.check && peers) fail('--check chooses its peers, so it takes no --peers.');
  const measurements = MEASUREMENTS.filter(({ name }) => names === undefined || names.includes(name));
  const few = values.check ? COMPARED : peers;
  const progress = showProgress(measurements.length);
  const fresh: Table[] = [];
  let results = known ?? { runs: [], tables: [] };
  const takenAt = new Date().toISOString();
  await measureAll({ measurements, choose: few ? onlyPeers(few) : everyPeer, rounds: roundsOf(rounds) }, {
    begin: progress.show,
    async measured(tables, chromium) {
      fresh.push(...tables);
      if (few) return; // The committed tables show all peers, so a part of them must not replace a table.
      results = withMeasured(results, { takenAt, machine: machine(chromium) }, tables);
      await writeResults(results); // Saved at once, so that a later failure does not lose an hour of measurements.
    },
  });
  progress.clear();
  for (const table of fresh) console.log(`${textTable(table)}\n`);
  if (values.check) return printComparison(compare(known ?? fail('There are no committed figures to compare with. Run `npm run bench` first.'), fresh));
  if (few) {
    console.log('Nothing was saved, because --peers left peers out.');
    return 0;
  }
  await writeReport(results);
  return 0;
}

async function readResults(): Promise<Results | null> {
  try {
    return JSON.parse(await readFile(RESULTS, 'utf8')) as Results;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function writeResults(results: Results): Promise<void> {
  return writeFile(RESULTS, `${JSON.stringify(results, null, 1)}\n`);
}

async function writeReport(results: Results | null): Promise<void> {
  if (results === null) fail('There are no results yet. Run `npm run bench` first.');
  await writeCharts(results);
  await writeDocuments(results);
}

function machine(chromium: string): Machine {
  return { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memoryGb: Math.round(totalmem() / 2 ** 30), system: `${osType()} ${release().split('-')[0]}`, node: process.versions.node, chromium };
}

function printComparison(regressions: readonly string[]): number {
  for (const regression of regressions) console.error(regression);
  console.log(regressions.length === 0 ? 'Nothing got worse.' : `${regressions.length} got worse.`);
  return regressions.length === 0 ? 0 : 1;
}

/** The names in an option, or nothing if it is not given. */
function listed(text: string | undefined, option: string, kind: string, known: readonly string[]): readonly string[] | undefined {
  const names = text?.split(',');
  const unknown = names?.find((name) => !known.includes(name));
  return unknown === undefined ? names : fail(`--${option} has no ${kind} "${unknown}". It takes ${known.join(', ')}.`);
}

function roundsOf(rounds: number): Rounds {
  return { timed: rounds, burst: Math.ceil(rounds / 4), tabs: rounds, faults: Math.ceil(rounds / 4), ends: Math.ceil(rounds / 10), held: Math.ceil(rounds * 2.5), memory: Math.ceil(rounds * 0.6) };
}

function wholeNumber(text: string, name: string): number {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : fail(`--${name} must be a whole number above 0, not "${text}".`);
}

function fail(message: string): never {
  throw new RangeError(message);
}
