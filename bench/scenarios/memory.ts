import type { CDPSession } from 'playwright-core';
import { PEER_NAMES, PEERS, type PeerName } from '../peers/names.ts';
import { signedIn, type PeerSession, type Setup } from './setup.ts';
import { beside } from './sign-test.ts';
import { inTurn, median, middleHalf, type Row, type Table } from './table.ts';

const CLIENTS = 100;
const CALLS = 10_000;

/** The peers that the others are compared with. */
const BASES: readonly PeerName[] = ['shared', 'senior', 'unexpired'];

/** kB of one round. */
interface Held {
  readonly client: number;
  readonly calls: number;
}

/** Measures the memory that a client holds, and the memory that calls leave behind after garbage collection. The peers of a round run at the same time, because each has its own heap. */
export async function measureMemory(setup: Setup, rounds: number): Promise<Table> {
  const peers = await inTurn(setup.choose(PEER_NAMES, BASES), async (peer) => ({ peer, session: await signedIn(setup, peer, 'fresh'), held: [] as Held[] }));
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(peers.map(async ({ session, held }) => held.push(await measureRound(session))));
  }
  await inTurn(peers, ({ session }) => session.close());
  const ours = peers.find(({ peer }) => peer === 'unexpired')?.held ?? [];
  const cells = (peer: PeerName, held: readonly Held[], key: keyof Held, digits: number): Row['cells'] => {
    const values = held.map((each) => each[key]);
    const besideOurs = peer === 'unexpired' ? null : beside(values, ours.map((each) => each[key]), ['more', 'less']);
    return { [key]: median(values), [`${key}Spread`]: middleHalf(values, digits), [`${key}Beside`]: besideOurs };
  };
  return {
    id: 'memory',
    title: 'Memory, in Chromium',
    note: `Heap after garbage collection: per client for ${CLIENTS} more clients in one page, after ${CLIENTS} others whose code was compiled meanwhile, and left by ${CALLS.toLocaleString('en')} calls after ${CALLS.toLocaleString('en')} others. ${rounds} rounds, each in a new page. Figures are medians. “Beside” counts the rounds in which the peer needed more or less than \`unexpired\`; a tie is within the noise. Axa and SuperTokens keep one client per page in any case.`,
    columns: [
      { key: 'client', title: 'kB a client', digits: 1, tolerance: 1.3 },
      { key: 'clientSpread', title: 'middle half' },
      { key: 'clientBeside', title: 'beside **unexpired**' },
      { key: 'calls', title: 'kB left by 10,000 calls', digits: 0 },
      { key: 'callsSpread', title: 'middle half' },
      { key: 'callsBeside', title: 'beside **unexpired**' },
    ],
    rows: peers.map(({ peer, held }) => ({ peer, title: PEERS[peer].title, cells: { ...cells(peer, held, 'client', 1), ...cells(peer, held, 'calls', 0) } })),
  };
}

async function measureRound({ openTab }: PeerSession): Promise<Held> {
  const { page, open } = await openTab('&stub');
  await open();
  const heap = await page.context().newCDPSession(page);
  await page.evaluate((count) => window.bench.openMany(count), CLIENTS);
  await page.evaluate((calls) => window.bench.makeCalls(calls), CALLS);
  const idle = await heldBytes(heap);
  await page.evaluate((calls) => window.bench.makeCalls(calls), CALLS);
  const called = await heldBytes(heap);
  await page.evaluate((count) => window.bench.openMany(count), CLIENTS);
  const opened = await heldBytes(heap);
  await page.close();
  return { client: (opened - called) / CLIENTS / 1000, calls: (called - idle) / 1000 };
}

/** Collects more than once, because objects that finalizers release are collected only the next time. */
async function heldBytes(session: CDPSession): Promise<number> {
  for (let times = 0; times < 4; times += 1) await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}
