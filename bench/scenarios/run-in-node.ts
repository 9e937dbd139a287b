import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);
const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** Bundles a script and runs it in a new process of Node. Resolves to the JSON in the last line of its output. */
export async function runInNode(script: string, args: readonly string[]): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'unexpired-bench-'));
  try {
    const outfile = join(folder, 'script.mjs');
    const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
    await build({ entryPoints: [path(script)], bundle: true, platform: 'node', format: 'esm', outfile, banner, target: 'node20', define: { 'process.env.NODE_ENV': '"production"' }, nodePaths: [path('../node_modules')], logLevel: 'error' });
    const { stdout } = await run(process.execPath, ['--expose-gc', outfile, ...args], { maxBuffer: 1 << 24 });
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1));
  } finally {
    await rm(folder, { recursive: true });
  }
}
