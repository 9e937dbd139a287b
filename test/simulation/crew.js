// Worker threads that tell worlds side by side.
import { Worker } from 'node:worker_threads';

const BATCH = 20;

/**
 * Tells worlds `from`, `from + 1`, … until `count` are told or `onReports` returns false.
 *
 * @param onReports gets the reports of some worlds, in no certain order
 */
export async function tellWorlds({ from, count, workers, workerData, onReports }) {
  let next = from;
  let goesOn = true;
  const crew = Array.from({ length: workers }, () => new Worker(new URL('./worker.js', import.meta.url), { workerData }));
  const work = (worker) =>
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
    await Promise.all(crew.map(work));
  } finally {
    await Promise.all(crew.map((worker) => worker.terminate()));
  }
}
