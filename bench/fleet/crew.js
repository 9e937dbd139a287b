// Worker threads that run jobs side by side.
import { Worker } from 'node:worker_threads';

/**
 * Runs jobs, the heaviest first.
 *
 * @param onDone is told each job that is done
 * @returns each job with its outcome, in the order of the jobs
 */
export async function runJobs(jobs, { browsers, seed, workers }, onDone) {
  const waiting = jobs.map((job, index) => ({ job, index })).sort((a, b) => a.job.lifetimeMs - b.job.lifetimeMs);
  const results = [];
  const crew = Array.from({ length: Math.min(workers, jobs.length) }, () => new Worker(new URL('./worker.js', import.meta.url), { workerData: { browsers, seed } }));
  const work = (worker) =>
    new Promise((resolve, reject) => {
      let mine = null;
      worker.on('error', reject);
      worker.on('message', (result) => {
        if (result !== null) {
          results[mine.index] = result;
          onDone(result.job);
        }
        mine = waiting.shift() ?? null;
        if (mine === null) resolve();
        else worker.postMessage(mine.job);
      });
    });
  try {
    await Promise.all(crew.map(work));
  } finally {
    await Promise.all(crew.map((worker) => worker.terminate()));
  }
  return results;
}
