// Simulates many browsers on one token endpoint under the policies of several packages. See README.md in this folder.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runJobs } from './worker-pool.js';
import { load } from './load.js';

const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));

class BadOption extends Error {}

function readOptions() {
  const { values } = parseArgs({
    options: {
      browsers: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      policies: { type: 'string' },
      date: { type: 'string' },
      out: { type: 'string', default: RESULTS },
      check: { type: 'boolean', default: false },
      workers: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    },
  });
  const count = (name, most) => {
    const value = Number(values[name]);
    if (!/^\d+$/.test(values[name]) || value < 1 || value > most) throw new BadOption(`--${name} must be a whole number from 1 to ${most}, not "${values[name]}".`);
    return value;
  };
  if (values.date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(values.date)) throw new BadOption(`--date must be a day such as 2026-01-31, not "${values.date}".`);
  return { ...values, browsers: count('browsers', 5_000_000), seed: count('seed', 2 ** 31 - 1), workers: count('workers', 64) };
}

/** Returns the scenarios or policies of an option, and all of them if it is not given. */
function chosen(option, value, names) {
  if (value === undefined) return names;
  const few = value.split(',').map((name) => name.trim());
  const unknown = few.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new BadOption(`--${option} takes ${names.join('; ')}, not "${unknown}".`);
  return names.filter((known) => few.includes(known));
}

function showProgress(total) {
  const startedAt = Date.now();
  let done = 0;
  return ({ policy, scenario, lifetimeMs }) => {
    const text = `${++done} of ${total} runs, ${Math.round((Date.now() - startedAt) / 1000)} s: ${scenario}, ${policy}, ${lifetimeMs / 60_000} min`;
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[2K${done === total ? '' : text}` : `${text}\n`);
  };
}

/** Leaves out the baseline in outages, for which it has no policy, and `Retry-After` for policies that do not read it. */
function isIncluded(scenario, { name, readsRetryAfter }) {
  return scenario === 'day' || (scenario === 'outage-retry-after' ? readsRetryAfter : name !== 'ideal');
}

async function simulate(options) {
  const { POLICIES } = await load('./policies/index.ts');
  const { LIFETIMES_MS, SCENARIO_NAMES } = await load('./scenario.ts');
  const policies = chosen('policies', options.policies, POLICIES.map(({ name }) => name));
  const scenarios = chosen('only', options.only, SCENARIO_NAMES);
  const cellsOf = (scenario) => policies.filter((name) => isIncluded(scenario, POLICIES.find((policy) => policy.name === name))).flatMap((policy) => LIFETIMES_MS.map((lifetimeMs) => ({ policy, scenario, lifetimeMs, ordinaryPeak: 0 })));
  const days = cellsOf('day');
  const jobs = scenarios.filter((name) => name !== 'day').flatMap(cellsOf);
  const onDone = showProgress(days.length + jobs.length);
  // The endpoint's capacity depends on the load of an ordinary day.
  const ordinary = await runJobs(days, options, onDone);
  const ordinaryPeak = (cell) => ordinary.find(({ job }) => job.policy === cell.policy && job.lifetimeMs === cell.lifetimeMs).outcome.peak;
  const others = await runJobs(jobs.map((job) => ({ ...job, ordinaryPeak: ordinaryPeak(job) })), options, onDone);
  const isWhole = options.only === undefined && options.policies === undefined;
  return { results: scenarios.includes('day') ? [...ordinary, ...others] : others, policies: POLICIES, isWhole };
}

async function write({ results, policies }, { browsers, seed, date, out }) {
  const { chartsOf } = await load('./chart.ts');
  const rows = results.map(({ job, outcome: { load: _load, stepS: _stepS, ...numbers } }) => ({ ...job, ...numbers }));
  const sources = policies.map(({ name, source, unit }) => ({ name, source, unit }));
  await mkdir(out, { recursive: true });
  await writeFile(`${out}/fleet.json`, `${JSON.stringify({ ...(date && { date }), browsers, seed, policies: sources, rows }, null, 1)}\n`);
  for (const { name, svg } of chartsOf(results, browsers)) await writeFile(`${out}/fleet-${name}.svg`, svg);
}

/** Compares a tenth of the committed fleet under our policy with the committed figures. Returns whether nothing got worse. */
async function check({ workers }) {
  const committed = JSON.parse(await readFile(`${RESULTS}/fleet.json`, 'utf8'));
  const browsers = committed.browsers / 10;
  const { results } = await simulate({ browsers, seed: committed.seed, policies: 'unexpired', workers });
  const { compareFleets } = await load('./compare.ts');
  const regressions = compareFleets(committed, results.map(({ job, outcome }) => ({ ...job, ...outcome })), browsers);
  for (const regression of regressions) console.error(regression);
  console.log(regressions.length === 0 ? 'Nothing got worse.' : `${regressions.length} got worse.`);
  return regressions.length === 0;
}

async function run(options) {
  if (options.check) return check(options);
  const simulated = await simulate(options);
  const { tablesOf } = await load('./table.ts');
  console.log(tablesOf(simulated.results));
  // A part of the tables must not replace all of them.
  if (simulated.isWhole) await write(simulated, options);
  else console.log('Nothing is written, because --only or --policies left out a part.');
  return true;
}

try {
  if (!(await run(readOptions()))) process.exitCode = 1;
} catch (error) {
  const isOption = error instanceof BadOption || error?.code?.startsWith('ERR_PARSE_ARGS');
  console.error(isOption ? error.message : error);
  process.exitCode = 1;
}
