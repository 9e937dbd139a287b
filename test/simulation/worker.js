// Runs the worlds whose seeds it receives, and answers with their reports.
import { parentPort, workerData } from 'node:worker_threads';
import { loadSimulation } from './load.js';

const { defect, tabs, instances, refreshToken, place, path, shrinks, traces } = workerData;
const { runWorld, replayCommand, scenarioText } = await loadSimulation(defect);
const options = { shrinks, ...(tabs && { tabs }), ...(instances && { instances }), ...(refreshToken && { refreshToken }), ...(place && { place }), ...(path && { path }), ...(traces && { trace: console.log }) };

const formatted = (failure) =>
  failure && { number: failure.number, seed: failure.seed, message: failure.message, scenario: scenarioText(failure.scenario), replay: replayCommand(failure, options) };

parentPort.on('message', async (seeds) => {
  const reports = [];
  for (const seed of seeds) {
    const { counts, failure } = await runWorld(seed, options);
    reports.push({ seed, counts, failure: formatted(failure) });
    if (failure && !shrinks) break;
  }
  parentPort.postMessage(reports);
});
parentPort.postMessage([]);
