// Runs the jobs that it receives, and answers with their outcomes.
import { parentPort, workerData } from 'node:worker_threads';
import { load } from './load.js';

const { createJobRunner } = await load('./run-job.ts');
const run = createJobRunner(workerData.browsers, workerData.seed);

parentPort.on('message', (job) => parentPort.postMessage({ job, outcome: run(job) }));
parentPort.postMessage(null);
