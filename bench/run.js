// Node 20 cannot run TypeScript, so Vite loads the rest.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = (file) => fileURLToPath(new URL(file, import.meta.url));

try {
  const { module } = await runnerImport(path('./run.ts'), { configFile: false, root: path('..'), logLevel: 'error' });
  process.exitCode = await module.run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof RangeError ? error.message : error);
  process.exitCode = 1;
}
