// Runs the proof with real processes and prints its table. README.md beside this file lists the options.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';

const path = (file) => fileURLToPath(new URL(file, import.meta.url));

/** Node 20 cannot run TypeScript, so Vite loads the rest. */
async function load(file, alias = []) {
  const { module } = await runnerImport(path(file), { configFile: false, root: path('../../..'), logLevel: 'error', resolve: { alias } });
  return module;
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    sessions: { type: 'string', default: '1000' },
    instances: { type: 'string', default: '8' },
    store: { type: 'string', multiple: true, default: ['redis', 'postgres'] },
    fault: { type: 'string', multiple: true, default: [] },
    defect: { type: 'string' },
  },
});

function count(name, least) {
  const value = Number(values[name]);
  if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`--${name} must be a whole number of at least ${least}.`);
  return value;
}

const { sourceAlias } = await load('../../../source-alias.ts');
const alias = process.env.UNEXPIRED_TARGET === 'dist' ? [] : sourceAlias;
const [{ runCampaign }, { tableOf }, { FAULTS }] = await Promise.all(['campaign', 'table', 'trial'].map((name) => load(`support/${name}.ts`, alias)));
const faults = Object.keys(FAULTS).filter((fault) => values.fault.length === 0 || values.fault.some((text) => fault.includes(text)));

const rows = await runCampaign({
  seed: count('seed', 0), sessions: count('sessions', 1), instances: count('instances', 2), stores: values.store, faults, defect: values.defect ?? null,
  onRow({ store, fault, verdict }) {
    console.error(`${store}, ${fault}: ${JSON.stringify(verdict.reasons)}`);
    for (const violation of verdict.violations) console.error(`  violation: ${violation}`);
  },
});
console.log(tableOf(rows));
const violations = rows.reduce((sum, { verdict }) => sum + verdict.violations.length, 0);
console.log(`\nViolations: ${violations}`);
process.exitCode = violations === 0 ? 0 : 1;
