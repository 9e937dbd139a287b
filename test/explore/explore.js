// Explores every schedule of small cases. README.md beside this file lists the options.
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { loadDefects, loadWithDefect } from '../simulation/load.js';

const { values } = parseArgs({
  options: {
    case: { type: 'string' },
    preemptions: { type: 'string', default: '2' },
    faults: { type: 'string', default: '1' },
    most: { type: 'string', default: 'Infinity' },
    workers: { type: 'string', default: '1' },
    path: { type: 'string' },
    defect: { type: 'string' },
    defects: { type: 'boolean', default: false },
    'all-schedules': { type: 'boolean', default: false },
  },
});

/** The bounds in which a defect is searched for, the smallest first. */
const LEVELS = [[0, 0], [1, 0], [0, 1], [2, 0], [1, 1], [2, 1]].map(([preemptions, faults]) => ({ preemptions, faults }));

const bounds = { preemptions: Number(values.preemptions), faults: Number(values.faults) };
const options = { most: Number(values.most), comparesStates: !values['all-schedules'] };

/** Starts a worker. Resolves to the cases, and a function that explores one of them. */
function startWorker(defect, more = {}) {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: { defect, options: { ...options, ...more } } });
  const failed = new Promise((_, reject) => worker.once('error', reject));
  const next = () => Promise.race([failed, new Promise((resolve) => worker.once('message', resolve))]);
  const explore = (name, within) => {
    worker.postMessage({ name, bounds: within });
    return next();
  };
  return next().then(({ cases }) => ({ cases, explore, end: () => worker.terminate() }));
}

const isWanted = ({ name }) => values.case === undefined || name === values.case;

function printReport({ name, schedules, known, violations, findings, isComplete, seconds }) {
  console.log(`${name.padEnd(30)} ${String(schedules).padStart(7)} ${String(known).padStart(8)} ${String(violations).padStart(10)} ${seconds.toFixed(0).padStart(7)} s${isComplete ? '' : ' (not complete)'}`);
  for (const { path, message } of findings) console.log(`  ${message.replaceAll('\n', '\n  ')}\n  To run it again: npm run explore -- --case ${name} --path '${path}'`);
}

async function exploreAll() {
  console.log(`At most ${bounds.preemptions} preemptions and ${bounds.faults} faults.\n${'case'.padEnd(30)} schedules  known  violations`);
  const sum = { cases: 0, schedules: 0, known: 0, violations: 0 };
  let waiting = null;
  const work = async () => {
    const { cases, explore, end } = await startWorker(values.defect);
    waiting ??= cases.filter(isWanted);
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const report = await explore(one.name, bounds);
      printReport(report);
      sum.cases++;
      for (const member of ['schedules', 'known', 'violations']) sum[member] += report[member];
    }
    await end();
  };
  await Promise.all(Array.from({ length: Number(values.workers) }, work));
  console.log(`${sum.cases} cases, ${sum.schedules.toLocaleString('en')} schedules (${sum.known.toLocaleString('en')} more led to a known state), ${sum.violations} violations`);
  if (sum.cases === 0) throw new Error(`There is no case named "${values.case}".`);
  return sum.violations === 0;
}

/** Returns the first violation that a defect causes in the smallest bounds, or `null`. */
async function detect({ name, refreshToken = 'page', isOfInstances }) {
  const kind = isOfInstances ? 'instances' : refreshToken;
  const { cases, explore, end } = await startWorker(name, { endsAtFirst: true });
  try {
    for (const within of LEVELS.filter(({ preemptions, faults }) => preemptions <= bounds.preemptions && faults <= bounds.faults)) {
      for (const one of cases.filter((each) => each.kind === kind && isWanted(each))) {
        const { findings } = await explore(one.name, within);
        if (findings[0]) return { ...findings[0], within, case: one.name };
      }
    }
    return null;
  } finally {
    await end();
  }
}

/** Checks that every defect is caught, or only the one that `--defect` names. */
async function detectAll() {
  const waiting = (await loadDefects()).filter(({ name }) => values.defect === undefined || name === values.defect);
  let isGood = waiting.length > 0;
  const work = async () => {
    for (let defect = waiting.shift(); defect; defect = waiting.shift()) {
      const found = await detect(defect);
      isGood &&= Boolean(found);
      const outcome = found ? `${found.case.padEnd(28)} ${found.within.preemptions} + ${found.within.faults}  invariant ${found.number}  ${found.path}` : 'NOT CAUGHT';
      console.log(`${defect.name.padEnd(28)} ${outcome}`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.workers) }, work));
  return isGood;
}

async function replayPath() {
  const { CASES, replay } = await loadWithDefect('../explore/explore.ts', values.defect);
  const one = CASES.find(isWanted);
  if (!one || values.case === undefined) throw new Error('--path needs the name of a case: --case.');
  const { failure } = await replay(one, values.path, console.log);
  console.log(failure ? failure.message : 'Every invariant holds.');
  return failure === null;
}

try {
  const isGood = await (values.path !== undefined ? replayPath() : values.defects ? detectAll() : exploreAll());
  process.exitCode = isGood ? 0 : 1;
} catch (error) {
  console.error(error?.message ?? error);
  process.exitCode = 1;
}
