// Runs many worlds on several threads. README.md beside this file lists the options.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { loadDefects } from './load.js';
import { createProgress } from './progress.js';
import { runWorlds } from './workers.js';

const DEFECT_RUNS = 500;
const MOST_VIOLATIONS = 20;

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    tabs: { type: 'string' },
    instances: { type: 'boolean', default: false },
    'refresh-token': { type: 'string' },
    place: { type: 'string' },
    path: { type: 'string' },
    trace: { type: 'boolean', default: false },
    defect: { type: 'string' },
    defects: { type: 'boolean', default: false },
    workers: { type: 'string', default: String(Math.min(2, availableParallelism())) },
  },
});

function count(name, fallback) {
  const value = Number(values[name] ?? fallback);
  if (!Number.isSafeInteger(value)) throw new RangeError(`--${name} must be a whole number.`);
  return value;
}

if (![undefined, 'server'].includes(values.place)) throw new RangeError('--place must be server, or be left out.');
if (values.place && (values.instances || values.tabs || values.defect || values.defects)) throw new RangeError('--place server takes --runs, --seed, --path, --trace and --workers only.');
const from = count('seed');
const tabs = values.tabs === undefined ? undefined : count('tabs');
const workerData = { tabs, instances: values.instances, refreshToken: values['refresh-token'], place: values.place, path: values.path, defect: values.defect, shrinks: true, traces: values.trace };

function add(sum, counts) {
  for (const [name, value] of Object.entries(counts)) {
    if (typeof value === 'object') add((sum[name] ??= {}), value);
    else sum[name] = (sum[name] ?? 0) + value;
  }
}

/** Prints a violation as soon as it is found, because a long campaign may be stopped. */
function printFailure({ message, scenario, replay }) {
  console.log(`\n${message}\n${scenario}\nTo run it again: ${replay}`);
}

function printSummary({ faults = {}, ...counts }, failures, seconds) {
  for (const [name, value] of Object.entries(counts)) console.log(`${name.padEnd(24)} ${value.toLocaleString('en')}`);
  console.log('injected faults');
  for (const [kind, value] of Object.entries(faults).sort()) console.log(`  ${kind.padEnd(22)} ${value.toLocaleString('en')}`);
  console.log(`${'seconds'.padEnd(24)} ${seconds}`);
  console.log(`${'violations'.padEnd(24)} ${failures.length}`);
}

async function runCampaign() {
  const total = values.path === undefined ? count('runs', 2000) : 1;
  const startedAt = Date.now();
  const progress = createProgress(total);
  const sum = {};
  const failures = [];
  let done = 0;
  const onReports = (reports) => {
    for (const { counts, failure } of reports) {
      add(sum, counts);
      if (failure && failures.push(failure)) printFailure(failure);
    }
    progress.show((done += reports.length), failures.length);
    return failures.length < MOST_VIOLATIONS;
  };
  await runWorlds({ from, count: total, workers: total === 1 ? 1 : count('workers'), workerData, onReports });
  progress.clear();
  printSummary(sum, failures, Math.round((Date.now() - startedAt) / 1000));
  return failures.length === 0;
}

/** Returns the first failure of some worlds with a defect (or without one), or `null`. */
async function firstFailure(defect, place, start, runs) {
  let first = null;
  const onReports = (reports) => {
    first ??= reports.find(({ failure }) => failure)?.failure ?? null;
    return first === null;
  };
  await runWorlds({ from: start, count: runs, workers: 1, workerData: { ...workerData, ...place, defect, shrinks: false }, onReports });
  return first;
}

/** Runs worlds with a defect until an invariant fails. A world that also fails without the defect is skipped. */
async function detect({ name: defect, refreshToken = 'page', isOfInstances: instances = false }) {
  const place = { refreshToken, instances };
  const end = from + count('runs', DEFECT_RUNS);
  for (let start = from; start < end; ) {
    const failure = await firstFailure(defect, place, start, end - start);
    if (!failure) break;
    if (failure.number === null) throw new Error(`The defect "${defect}" makes the simulation itself throw: ${failure.message}`);
    if (!(await firstFailure(undefined, place, failure.seed, 1))) return { failure, worlds: failure.seed - from + 1 };
    start = failure.seed + 1;
  }
  return { failure: null, worlds: end - from };
}

/** Checks that every defect is detected, or only the defect that `--defect` names. */
async function detectAll() {
  const waiting = (await loadDefects()).filter(({ name, isOfInstances = false }) => (values.defect === undefined ? !values.instances || isOfInstances : name === values.defect));
  if (waiting.length === 0) throw new Error(`There is no defect named "${values.defect}".`);
  const found = [];
  const detectNext = async () => {
    for (let defect = waiting.shift(); defect; defect = waiting.shift()) {
      const { failure, worlds } = await detect(defect);
      found.push(failure);
      const outcome = failure ? `invariant ${failure.number} ${failure.message.split('\n')[0].replace(/^Invariant \d+ /, '')}` : 'NOT DETECTED';
      console.log(`${defect.name.padEnd(28)} ${String(worlds).padStart(4)} worlds  ${outcome}`);
    }
  };
  await Promise.all(Array.from({ length: count('workers') }, detectNext));
  return found.every(Boolean);
}

try {
  const good = values.defects ? await detectAll() : await runCampaign();
  process.exitCode = good ? 0 : 1;
} catch (error) {
  console.error(error?.message ?? error);
  process.exitCode = 1;
}
