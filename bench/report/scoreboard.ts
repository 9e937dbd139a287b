import { PEERS, type PeerName } from '../peers/names.ts';
import type { Results } from './results.ts';
import { cellText } from './text-table.ts';

/** The columns: what matters most in all tables. */
const COLUMNS: readonly { readonly table: string; readonly keys: readonly string[]; readonly title: string }[] = [
  { table: 'bytes', keys: ['brotli'], title: 'size, kB brotli' },
  { table: 'hot-path-chromium', keys: ['ratio'], title: 'a call, × bare `fetch`' },
  { table: 'burst-revoked-steady', keys: ['refreshes', 'ok'], title: '200 calls, revoked token: refreshes / answered' },
  { table: 'tabs-expired', keys: ['refreshes', 'lived'], title: '8 tabs, expired token: refreshes / sessions kept' },
  { table: 'fault-hang', keys: ['lived'], title: 'refresh hangs 30 s: sessions kept' },
  { table: 'fault-outage', keys: ['refreshes', 'againS', 'lived'], title: '60 s outage: refreshes / s until calls work again / sessions kept' },
  { table: 'other-401', keys: ['refreshes'], title: 'another 401: needless refreshes' },
];

/**
 * Writes the scoreboard as a Markdown table. Peers that were not measured yet are left out.
 *
 * @param peers its rows, in this order
 */
export function scoreboard({ tables }: Results, peers: readonly PeerName[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const text = (peer: PeerName, { table: id, keys }: (typeof COLUMNS)[number]) => {
    const table = tables.find((each) => each.id === id);
    const row = table?.rows.find((each) => each.peer === peer);
    return keys.map((key) => cellText(row?.cells[key], table?.columns.find((column) => column.key === key) ?? { key, title: '' })).join(' / ');
  };
  const isMeasured = (peer: PeerName) => COLUMNS.some((column) => tables.find(({ id }) => id === column.table)?.rows.some((row) => row.peer === peer));
  return [
    line(['', ...COLUMNS.map(({ title }) => title)]),
    line(['---', ...COLUMNS.map(() => '--:')]),
    ...peers.filter(isMeasured).map((peer) => line([PEERS[peer].title, ...COLUMNS.map((column) => text(peer, column))])),
  ].join('\n');
}
