// A pool of worker threads that run jobs in parallel.
import { Worker } from 'node:worker_threads';

/**
 * Runs jobs, the heaviest first.
 *
 * @param onDone is called with each finished job
 * @returns each job with its outcome, in the order of the jobs
 */
export async function runJobs(jobs, { browsers, seed, workers }, onDone) {
  const waiting = jobs.map((job, index) => ({ job, index })).sort((a, b) => a.job.lifetimeMs - b.job.lifetimeMs);
  const results = [];
  const pool = Array.from({ length: Math.min(workers, jobs.length) }, () => new Worker(new URL('./worker.js', import.meta.url), { workerData: { browsers, seed } }));
  const work = (worker) =>
    new Promise((resolve, reject) => {
      let current = null;
      worker.on('error', reject);
      worker.on('message', (result) => {
        if (result !== null) {
          results[current.index] = result;
          onDone(result.job);
        }
        current = waiting.shift() ?? null;
        if (current === null) resolve();
        else worker.postMessage(current.job);
      });
    });
  try {
    await Promise.all(pool.map(work));
  } finally {
    await Promise.all(pool.map((worker) => worker.terminate()));
  }
  return results;
}
