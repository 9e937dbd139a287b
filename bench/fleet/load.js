// Node 20 cannot run TypeScript, so Vite loads the simulation.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = (file) => fileURLToPath(new URL(file, import.meta.url));

/** Loads a TypeScript module from this folder. */
export async function load(file) {
  const { module } = await runnerImport(path(file), { configFile: false, root: path('../..'), logLevel: 'error' });
  return module;
}
