// Tells the worlds whose seeds it is sent, and answers with what came of them.
import { parentPort, workerData } from 'node:worker_threads';
import { loadSimulation } from './load.js';

const { defect, mended, tabs, path, shrinks, narrates } = workerData;
const { runWorld, gapsWithout, replayCommand, storyText } = await loadSimulation(defect);
const options = { gaps: gapsWithout(mended), shrinks, ...(tabs && { tabs }), ...(path && { path }), ...(narrates && { narrate: console.log }) };

const shown = (breach) => breach && { number: breach.number, seed: breach.seed, message: breach.message, story: storyText(breach.story), replay: replayCommand(breach, tabs, mended) };

parentPort.on('message', async (seeds) => {
  const reports = [];
  for (const seed of seeds) {
    const { tally, breach } = await runWorld(seed, options);
    reports.push({ seed, tally, breach: shown(breach) });
    if (breach && !shrinks) break;
  }
  parentPort.postMessage(reports);
});
parentPort.postMessage([]);
