import { PEER_NAMES, PEERS } from '../peers/names.ts';
import type { Results } from './results.ts';
import { cellText } from './text-table.ts';

/** One row for each peer, of what matters most in all tables. */
const COLUMNS: readonly { readonly table: string; readonly keys: readonly string[]; readonly title: string }[] = [
  { table: 'bytes', keys: ['brotli'], title: 'kB brotli' },
  { table: 'hot-path-chromium', keys: ['ratio'], title: 'a call, × bare `fetch`' },
  { table: 'burst-revoked-steady', keys: ['refreshes', 'ok'], title: '200 calls, revoked token: refreshes / answers' },
  { table: 'tabs-expired', keys: ['refreshes', 'lived'], title: '8 tabs, expired: refreshes / sessions that lived' },
  { table: 'fault-hang', keys: ['lived'], title: 'hung refresh: sessions that lived' },
  { table: 'fault-outage', keys: ['refreshes', 'againS', 'lived'], title: '60 s outage: refreshes / calls work again after (s) / sessions that lived' },
  { table: 'other-401', keys: ['refreshes'], title: 'useless refreshes for another 401' },
];

export function scoreboard({ tables }: Results): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const text = (peer: string, { table: id, keys }: (typeof COLUMNS)[number]) => {
    const table = tables.find((each) => each.id === id);
    const row = table?.rows.find((each) => each.peer === peer);
    return keys.map((key) => cellText(row?.cells[key], table?.columns.find((column) => column.key === key) ?? { key, title: '' })).join(' / ');
  };
  return [
    line(['', ...COLUMNS.map(({ title }) => title)]),
    line(['---', ...COLUMNS.map(() => '--:')]),
    ...PEER_NAMES.filter((peer) => peer !== 'bare').map((peer) => line([PEERS[peer].title, ...COLUMNS.map((column) => text(peer, column))])),
  ].join('\n');
}
