import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);
const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** A bundled script. */
export interface NodeScript {
  /** Runs it in a new process of Node. Resolves to the JSON in the last line of its output. */
  run(args: readonly string[]): Promise<unknown>;
  remove(): Promise<void>;
}

/** Bundles a script for Node. */
export async function bundleForNode(script: string): Promise<NodeScript> {
  const folder = await mkdtemp(join(tmpdir(), 'unexpired-bench-'));
  const outfile = join(folder, 'script.mjs');
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  await build({ entryPoints: [path(script)], bundle: true, platform: 'node', format: 'esm', outfile, banner, target: 'node20', define: { 'process.env.NODE_ENV': '"production"' }, nodePaths: [path('../node_modules')], logLevel: 'error' });
  return {
    async run(args) {
      const { stdout } = await run(process.execPath, ['--expose-gc', outfile, ...args], { maxBuffer: 1 << 24 });
      return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1));
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
