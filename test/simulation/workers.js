// Runs worlds in several worker threads.
import { Worker } from 'node:worker_threads';

const BATCH = 20;

/**
 * Runs the worlds of seeds `from`, `from + 1`, … until `count` have run or `onReports` returns false.
 *
 * @param onReports receives the reports of some worlds, in any order
 */
export async function runWorlds({ from, count, workers, workerData, onReports }) {
  let next = from;
  let goesOn = true;
  const threads = Array.from({ length: workers }, () => new Worker(new URL('./worker.js', import.meta.url), { workerData }));
  const keepBusy = (worker) =>
    new Promise((resolve, reject) => {
      worker.on('error', reject);
      worker.on('message', (reports) => {
        if (reports.length > 0) goesOn = onReports(reports) !== false && goesOn;
        const seeds = Array.from({ length: goesOn ? Math.min(BATCH, from + count - next) : 0 }, () => next++);
        if (seeds.length === 0) return resolve();
        worker.postMessage(seeds);
      });
    });
  try {
    await Promise.all(threads.map(keepBusy));
  } finally {
    await Promise.all(threads.map((worker) => worker.terminate()));
  }
}
