// Runs the jobs that it is sent, and answers with what came of them.
import { parentPort, workerData } from 'node:worker_threads';
import { load } from './load.js';

const { createJobRunner } = await load('./run-job.ts');
const run = createJobRunner(workerData.browsers, workerData.seed);

parentPort.on('message', (job) => parentPort.postMessage({ job, outcome: run(job) }));
parentPort.postMessage(null);
