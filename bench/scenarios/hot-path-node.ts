import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { PEER_NAMES, type PeerName } from '../peers/names.ts';
import { hotPathTable } from './hot-path.ts';
import type { Table } from './table.ts';

/** The peers that need a page with a `window`, its storage or its cookies. */
export const BROWSER_ALONE: readonly PeerName[] = ['axa', 'auth0', 'supertokens'];

const run = promisify(execFile);
const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** Measures the cost of a call in Node, with all peers in one new process. */
export async function measureHotPathInNode(rounds: number): Promise<Table> {
  const folder = await mkdtemp(join(tmpdir(), 'unexpired-bench-'));
  try {
    const outfile = join(folder, 'hot-path.mjs');
    const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
    await build({ entryPoints: [path('../page/node.ts')], bundle: true, platform: 'node', format: 'esm', outfile, banner, target: 'node20', define: { 'process.env.NODE_ENV': '"production"' }, nodePaths: [path('../node_modules')], logLevel: 'error' });
    const peers = PEER_NAMES.filter((peer) => !BROWSER_ALONE.includes(peer));
    const { stdout } = await run(process.execPath, ['--expose-gc', outfile, String(rounds), peers.join()], { maxBuffer: 1 << 24 });
    const timings = JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1)) as Record<PeerName, { one: number[]; many: number[] }>;
    return hotPathTable('node', `Node ${process.versions.node}`, new Map(peers.map((peer) => [peer, timings[peer]])), rounds);
  } finally {
    await rm(folder, { recursive: true });
  }
}
