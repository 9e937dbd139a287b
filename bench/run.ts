import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem, type as osType, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare } from './report/compare.ts';
import { writeCharts } from './report/charts.ts';
import { writeDocuments } from './report/documents.ts';
import { textTable } from './report/text-table.ts';
import { MEASUREMENTS, measureAll } from './measure.ts';
import type { Table } from './scenarios/table.ts';
import { withMeasured, type Machine, type Results } from './report/results.ts';
import { showProgress } from './report/progress.ts';

const RESULTS = fileURLToPath(new URL('./results/bench.json', import.meta.url));

/** Runs the command: measures, and then prints, saves or compares the figures. Resolves to the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: '20' },
      check: { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
    },
  });
  const known = await readResults();
  if (values.report) {
    await writeReport(known);
    return 0;
  }
  const rounds = wholeNumber(values.rounds, 'rounds');
  const names = values.only?.split(',');
  const unknown = names?.find((name) => !MEASUREMENTS.some((each) => each.name === name));
  if (unknown !== undefined) fail(`--only has no measurement "${unknown}". It takes ${MEASUREMENTS.map(({ name }) => name).join(', ')}.`);
  const wanted = MEASUREMENTS.filter(({ name }) => names === undefined || names.includes(name));
  const progress = showProgress(wanted.length);
  const fresh: Table[] = [];
  let results = known ?? { runs: [], tables: [] };
  const takenAt = new Date().toISOString();
  await measureAll(wanted, { timed: rounds, burst: Math.ceil(rounds / 4), tabs: rounds, faults: Math.ceil(rounds / 4), ends: Math.ceil(rounds / 10), held: Math.ceil(rounds * 2.5) }, {
    begin: progress.show,
    async measured(tables, chromium) {
      fresh.push(...tables);
      if (values.check) return;
      results = withMeasured(results, { takenAt, machine: machine(chromium) }, tables);
      await writeResults(results); // Saved at once, so that a later failure does not lose an hour of measurements.
    },
  });
  progress.clear();
  for (const table of fresh) console.log(`${textTable(table)}\n`);
  if (values.check) return printComparison(compare(known ?? fail('There are no committed figures to compare with. Run `npm run bench` first.'), fresh));
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

function wholeNumber(text: string, name: string): number {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : fail(`--${name} must be a whole number above 0, not "${text}".`);
}

function fail(message: string): never {
  throw new RangeError(message);
}
