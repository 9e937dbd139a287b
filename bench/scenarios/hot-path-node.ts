import { PEER_NAMES, type PeerName } from '../peers/names.ts';
import { BASES, hotPathTable } from './hot-path.ts';
import { runInNode } from './run-in-node.ts';
import type { Setup } from './setup.ts';
import type { Table } from './table.ts';

/** The peers that need a page with a `window`, its storage or its cookies. */
export const BROWSER_ALONE: readonly PeerName[] = ['axa', 'auth0', 'authkit', 'keycloak', 'msal', 'supertokens'];

/** Measures the cost of a call in Node, with all peers in one new process. */
export async function measureHotPathInNode({ choose }: Setup, rounds: number): Promise<Table> {
  const peers = choose(PEER_NAMES.filter((peer) => !BROWSER_ALONE.includes(peer)), BASES);
  const timings = (await runInNode('../page/node.ts', [String(rounds), peers.join()])) as Record<PeerName, { one: number[]; many: number[] }>;
  return hotPathTable('node', `Node ${process.versions.node}`, new Map(peers.map((peer) => [peer, timings[peer]])), rounds);
}
