// Node 20 cannot run TypeScript, so esbuild turns the benchmark into programs first.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (file) => fileURLToPath(new URL(file, import.meta.url));
const outdir = path(`./node_modules/.bench/${process.pid}`);
process.on('exit', () => rmSync(outdir, { recursive: true, force: true }));

try {
  await build({ entryPoints: [path('./run.ts'), path('./instances/app.ts')], outdir, bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20', packages: 'external', entryNames: '[name]', logLevel: 'error' });
  const { run } = await import(`${outdir}/run.js`);
  process.exitCode = await run(process.argv.slice(2), { app: `${outdir}/app.js`, folder: path('.') });
} catch (error) {
  console.error(error instanceof RangeError ? error.message : error);
  process.exitCode = 1;
}
