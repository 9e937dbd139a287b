import { TIMED_MS } from '../page/hot-path.ts';
import { PEER_NAMES, PEERS, type PeerName } from '../peers/names.ts';
import { signedIn, type Setup, type Tab } from './setup.ts';
import { inTurn, median, middleHalf, type Row, type Table } from './table.ts';

/** µs per call of each peer, by how many calls are in flight at once. */
export type Timings = ReadonlyMap<PeerName, { readonly one: readonly number[]; readonly many: readonly number[] }>;

export const WIDTH = 64;

/** The peers that each other peer is compared with. */
export const BASES: readonly PeerName[] = ['bare', 'naive', 'shared', 'unexpired'];

/** Measures the cost of a call with a valid token and a stubbed network in Chromium, in interleaved rounds of all peers. */
export async function measureHotPath(setup: Setup, rounds: number): Promise<Table> {
  const sessions = await inTurn(setup.choose(PEER_NAMES, BASES), async (peer) => ({ peer, session: await signedIn(setup, peer, 'fresh') }));
  const tabs = await inTurn(sessions, async ({ peer, session }) => ({ peer, tab: await openStubbed(session.openTab), one: [] as number[], many: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { tab, one, many } of tabs) {
      await tab.page.bringToFront();
      one.push(await timed(tab, 1));
      many.push(await timed(tab, WIDTH));
    }
  }
  await inTurn(sessions, ({ session }) => session.close());
  const timings: Timings = new Map(tabs.map(({ peer, one, many }) => [peer, { one, many }]));
  return hotPathTable('chromium', 'Chromium', timings, rounds);
}

async function openStubbed(openTab: (query: string) => Promise<Tab>): Promise<Tab> {
  const tab = await openTab('&stub');
  await tab.open();
  for (let warmUp = 0; warmUp < 10; warmUp += 1) for (const width of [1, WIDTH]) await timed(tab, width);
  return tab;
}

function timed(tab: Tab, width: number): Promise<number> {
  return tab.page.evaluate((at) => window.bench.hotPath(at), width);
}

/** Formats timings as a table, with the cost of each peer relative to bare `fetch`. */
export function hotPathTable(id: string, where: string, timings: Timings, rounds: number): Table {
  const bare = timings.get('bare') ?? { one: [], many: [] };
  const toBare = (times: readonly number[], base: readonly number[]) => median(times.map((time, round) => time / (base[round] ?? NaN)));
  const rows = [...timings].map(([peer, { one, many }]): Row => {
    const cells = { one: median(one), spread: middleHalf(one, 2), ratio: toBare(one, bare.one), many: median(many), manyRatio: toBare(many, bare.many) };
    return { peer, title: PEERS[peer].title, cells };
  });
  return {
    id: `hot-path-${id}`,
    title: `A call with a valid token, in ${where}`,
    note: `µs per call on a \`fetch\` that answers at once with a new \`Response\`; ${rounds} interleaved rounds of ${TIMED_MS} ms each. Figures are medians. Ratios are medians of the ratios within each round.`,
    columns: [
      { key: 'one', title: 'µs, one after the other', digits: 2 },
      { key: 'spread', title: 'middle half' },
      { key: 'ratio', title: '× bare', digits: 2, tolerance: 1.15 },
      { key: 'many', title: 'µs, 64 at once', digits: 2 },
      { key: 'manyRatio', title: '× bare', digits: 2, tolerance: 1.15 },
    ],
    rows,
  };
}
