import { TIMED_MS } from '../page/hot-path.ts';
import { PEER_NAMES, PEERS, type PeerName } from '../peers/names.ts';
import { signedIn, type Setup, type Tab } from './setup.ts';
import { beside } from './sign-test.ts';
import { inTurn, median, middleHalf, rotated, type Row, type Table } from './table.ts';

/** µs per call of each peer, by how many calls are in flight at once. */
export type Timings = ReadonlyMap<PeerName, { readonly one: readonly number[]; readonly many: readonly number[] }>;

export const WIDTH = 64;

/** The peers that each other peer is compared with. */
export const BASES: readonly PeerName[] = ['bare', 'naive', 'shared', 'senior', 'unexpired'];

/** How often a page or process times a call in one round, after as many timings as warm up its code. */
export const TIMINGS = 5;
export const WARM_UPS = 10;

/**
 * Measures the cost of a call with a valid token and a stubbed network in Chromium, in interleaved rounds of all peers.
 *
 * Each round has a new page, because the compiler and the garbage collector treat a page alike for all its life.
 */
export async function measureHotPath(setup: Setup, rounds: number): Promise<Table> {
  const peers = await inTurn(setup.choose(PEER_NAMES, BASES), async (peer) => ({ peer, session: await signedIn(setup, peer, 'fresh'), one: [] as number[], many: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    const tabs = await inTurn(peers, async ({ session, one, many }) => ({ tab: await openStubbed(session.openTab), one, many, timings: { one: [] as number[], many: [] as number[] } }));
    for (let timing = 0; timing < TIMINGS; timing += 1) {
      for (const { tab, timings } of rotated(tabs, round + timing)) {
        await tab.page.bringToFront();
        timings.one.push(await timed(tab, 1));
        timings.many.push(await timed(tab, WIDTH));
      }
    }
    for (const { tab, one, many, timings } of tabs) {
      one.push(median(timings.one));
      many.push(median(timings.many));
      await tab.page.close();
    }
  }
  await inTurn(peers, ({ session }) => session.close());
  return hotPathTable('chromium', 'Chromium', new Map(peers.map(({ peer, one, many }) => [peer, { one, many }])), rounds);
}

async function openStubbed(openTab: (query: string) => Promise<Tab>): Promise<Tab> {
  const tab = await openTab('&stub');
  await tab.open();
  for (let warmUp = 0; warmUp < WARM_UPS; warmUp += 1) for (const width of [1, WIDTH]) await timed(tab, width);
  return tab;
}

function timed(tab: Tab, width: number): Promise<number> {
  return tab.page.evaluate((at) => window.bench.hotPath(at), width);
}

/** Formats timings as a table, with the cost of each peer relative to bare `fetch` and beside unexpired. */
export function hotPathTable(id: string, where: string, timings: Timings, rounds: number): Table {
  const none = { one: [], many: [] };
  const bare = timings.get('bare') ?? none;
  const ours = timings.get('unexpired') ?? none;
  const toBare = (times: readonly number[], base: readonly number[]) => median(times.map((time, round) => time / (base[round] ?? NaN)));
  const rows = [...timings].map(([peer, { one, many }]): Row => {
    const besideOurs = (key: 'one' | 'many') => (peer === 'unexpired' ? null : beside({ one, many }[key], ours[key], ['slower', 'faster']));
    const cells = { one: median(one), spread: middleHalf(one, 2), ratio: toBare(one, bare.one), beside: besideOurs('one'), many: median(many), manyRatio: toBare(many, bare.many), manyBeside: besideOurs('many') };
    return { peer, title: PEERS[peer].title, cells };
  });
  return {
    id: `hot-path-${id}`,
    title: `A call with a valid token, in ${where}`,
    note: `µs per call on a \`fetch\` that answers at once with a new \`Response\`; ${rounds} interleaved rounds, each in a new ${id === 'node' ? 'process' : 'page'} with ${TIMINGS} timings of ${TIMED_MS} ms. Figures are medians. Ratios are medians of the ratios within each round. “Beside” counts the rounds in which the peer was slower or faster than \`unexpired\`; a tie is within the noise.`,
    columns: [
      { key: 'one', title: 'µs, one after the other', digits: 2 },
      { key: 'spread', title: 'middle half' },
      { key: 'ratio', title: '× bare', digits: 2, tolerance: 1.15 },
      { key: 'beside', title: 'beside **unexpired**' },
      { key: 'many', title: 'µs, 64 at once', digits: 2 },
      { key: 'manyRatio', title: '× bare', digits: 2, tolerance: 1.15 },
      { key: 'manyBeside', title: 'beside **unexpired**' },
    ],
    rows,
  };
}
