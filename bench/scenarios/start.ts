import { PEER_NAMES, PEERS, type PeerName } from '../peers/names.ts';
import { SESSION_PEERS, signedIn, type Setup } from './setup.ts';
import { beside } from './sign-test.ts';
import { median, middleHalf, rotated, type Table } from './table.ts';

/** Measures the time from navigation to the first answer with a valid token. */
export async function measureStart(setup: Setup, token: 'fresh' | 'expired', rounds: number): Promise<Table> {
  const base = token === 'fresh' ? 'bare' : 'naive';
  const peers = setup.choose(token === 'fresh' ? PEER_NAMES : SESSION_PEERS, [base]);
  const times = new Map<PeerName, number[]>(peers.map((peer) => [peer, []]));
  const trips = new Map<PeerName, number>();
  for (let round = 0; round < rounds; round += 1) {
    for (const peer of rotated(peers, round)) {
      const { ms, requests } = await runRound(setup, peer, token);
      times.get(peer)?.push(ms);
      trips.set(peer, Math.max(requests, trips.get(peer) ?? 0));
    }
  }
  const baseMs = median(times.get(base) ?? []);
  const ours = times.get('unexpired');
  return {
    id: `start-${token}`,
    title: `Start of a page, stored token ${token}`,
    note: `From navigation to the first answer of the API, on a local server. A refresh takes 60 ms there, and a call 15 ms. authkit-js and keycloak-js keep no access token over a page load, so they always refresh. ${rounds} rounds, interleaved.`,
    columns: [
      { key: 'ms', title: 'ms', digits: 0 },
      { key: 'spread', title: 'middle half' },
      { key: 'ratio', title: token === 'fresh' ? '× bare' : '× by hand, naive', digits: 2, tolerance: 1.25 },
      { key: 'beside', title: 'beside **unexpired**' },
      { key: 'trips', title: 'requests to the API', tolerance: 1 },
    ],
    rows: peers.map((peer) => {
      const of = times.get(peer) ?? [];
      return { peer, title: PEERS[peer].title, cells: { ms: median(of), spread: middleHalf(of, 0), ratio: median(of) / baseMs, beside: peer === 'unexpired' || !ours ? null : beside(of, ours, ['slower', 'faster']), trips: trips.get(peer) ?? null } };
    }),
  };
}

async function runRound(setup: Setup, peer: PeerName, token: 'fresh' | 'expired'): Promise<{ ms: number; requests: number }> {
  const { world, openTab, close } = await signedIn(setup, peer, token);
  const { page } = await openTab('&start');
  const ms = await (await page.waitForFunction(() => window.firstAnswerMs, null, { timeout: 20_000 })).jsonValue();
  const { refreshes, sends } = world.tally;
  await close();
  return { ms: ms ?? NaN, requests: refreshes + sends };
}
