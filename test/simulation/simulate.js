// The campaign: many worlds over all cores. See README.md beside this file.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { tellWorlds } from './crew.js';
import { loadDefects } from './load.js';
import { createProgress } from './progress.js';

const DEFECT_RUNS = 500;

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    tabs: { type: 'string' },
    path: { type: 'string' },
    mended: { type: 'string' },
    narrate: { type: 'boolean', default: false },
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

const from = count('seed');
const tabs = values.tabs === undefined ? undefined : count('tabs');
const mended = values.mended?.split(',') ?? [];
const workerData = { tabs, mended, path: values.path, defect: values.defect, shrinks: true, narrates: values.narrate };

function add(sum, tally) {
  for (const [name, value] of Object.entries(tally)) {
    if (typeof value === 'object') add((sum[name] ??= {}), value);
    else sum[name] = (sum[name] ?? 0) + value;
  }
}

function printSummary({ faults = {}, ...counts }, breaches, seconds) {
  for (const [name, value] of Object.entries(counts)) console.log(`${name.padEnd(24)} ${value.toLocaleString('en')}`);
  console.log('faults injected');
  for (const [kind, value] of Object.entries(faults).sort()) console.log(`  ${kind.padEnd(22)} ${value.toLocaleString('en')}`);
  console.log(`${'seconds'.padEnd(24)} ${seconds}`);
  console.log(`${'violations'.padEnd(24)} ${breaches.length}`);
  for (const { message, story, replay } of breaches) console.log(`\n${message}\n${story}\nSee it again: ${replay}`);
}

async function campaign() {
  const total = values.path === undefined ? count('runs', 2000) : 1;
  const startedAt = Date.now();
  const progress = createProgress(total);
  const sum = {};
  const breaches = [];
  let done = 0;
  const onReports = (reports) => {
    for (const { tally, breach } of reports) {
      add(sum, tally);
      if (breach) breaches.push(breach);
    }
    progress.show((done += reports.length), breaches.length);
    return breaches.length < 20;
  };
  await tellWorlds({ from, count: total, workers: total === 1 ? 1 : count('workers'), workerData, onReports });
  progress.clear();
  printSummary(sum, breaches, Math.round((Date.now() - startedAt) / 1000));
  return breaches.length === 0;
}

/** The first of some worlds in which an invariant is broken. */
async function firstBreach(defect, start, runs) {
  let first = null;
  const onReports = (reports) => {
    first ??= reports.find(({ breach }) => breach)?.breach ?? null;
    return first === null;
  };
  await tellWorlds({ from: start, count: runs, workers: 1, workerData: { ...workerData, defect, shrinks: false }, onReports });
  return first;
}

/** Worlds told until a defect was caught, and by what; a world that breaks without it, too, shows nothing. */
async function hunt({ name }) {
  const end = from + count('runs', DEFECT_RUNS);
  for (let start = from; start < end; ) {
    const breach = await firstBreach(name, start, end - start);
    if (!breach) break;
    if (!(await firstBreach(undefined, breach.seed, 1))) return { breach, worlds: breach.seed - from + 1 };
    start = breach.seed + 1;
  }
  return { breach: null, worlds: end - from };
}

async function huntAll() {
  const waiting = [...(await loadDefects())];
  const found = [];
  const huntNext = async () => {
    for (let defect = waiting.shift(); defect; defect = waiting.shift()) {
      const { breach, worlds } = await hunt(defect);
      found.push(breach);
      const caught = breach ? `invariant ${breach.number ?? '?'}, ${breach.message.split('\n')[0].replace(/^Invariant \d+ /, '')}` : 'NOT CAUGHT';
      console.log(`${defect.name.padEnd(28)} ${String(worlds).padStart(4)} worlds  ${caught}`);
    }
  };
  await Promise.all(Array.from({ length: count('workers') }, huntNext));
  return found.every(Boolean);
}

try {
  const good = values.defects ? await huntAll() : await campaign();
  process.exitCode = good ? 0 : 1;
} catch (error) {
  console.error(error?.message ?? error);
  process.exitCode = 1;
}
