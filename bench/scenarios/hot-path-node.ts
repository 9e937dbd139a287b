import { PEER_NAMES, type PeerName } from '../peers/names.ts';
import { BASES, hotPathTable } from './hot-path.ts';
import { bundleForNode } from './run-in-node.ts';
import type { Setup } from './setup.ts';
import { rotated, type Table } from './table.ts';

/** The peers that need a page with a `window`, its storage or its cookies. */
export const BROWSER_ALONE: readonly PeerName[] = ['axa', 'auth0', 'authkit', 'keycloak', 'msal', 'okta', 'supertokens'];

/** Measures the cost of a call in Node. Each round has a new process, in which all peers are timed in turn. */
export async function measureHotPathInNode({ choose }: Setup, rounds: number): Promise<Table> {
  const peers = choose(PEER_NAMES.filter((peer) => !BROWSER_ALONE.includes(peer)), BASES);
  const script = await bundleForNode('../page/node.ts');
  const timings = new Map(peers.map((peer) => [peer, { one: [] as number[], many: [] as number[] }]));
  try {
    for (let round = 0; round < rounds && peers.length > 0; round += 1) {
      const timed = (await script.run([rotated(peers, round).join()])) as Record<PeerName, { one: number; many: number }>;
      for (const [peer, { one, many }] of timings) {
        one.push(timed[peer].one);
        many.push(timed[peer].many);
      }
    }
  } finally {
    await script.remove();
  }
  return hotPathTable('node', `Node ${process.versions.node}`, timings, rounds);
}
