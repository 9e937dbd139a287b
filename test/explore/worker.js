// Explores the cases whose names it receives, and answers with their reports.
import { parentPort, workerData } from 'node:worker_threads';
import { loadWithDefect } from '../simulation/load.js';

const { defect, options } = workerData;
const { CASES, explore } = await loadWithDefect('../explore/explore.ts', defect);

parentPort.on('message', async ({ name, bounds }) => {
  const startedAt = performance.now();
  const report = await explore(CASES.find((one) => one.name === name), { ...options, bounds });
  parentPort.postMessage({ ...report, seconds: (performance.now() - startedAt) / 1000 });
});
parentPort.postMessage({ cases: CASES.map(({ name, kind }) => ({ name, kind })) });
