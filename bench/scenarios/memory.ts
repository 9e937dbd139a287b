import type { CDPSession } from 'playwright-core';
import { PEER_NAMES, PEERS } from '../peers/names.ts';
import { signedIn, type Setup } from './setup.ts';
import { inTurn, type Table } from './table.ts';

const CLIENTS = 100;
const CALLS = 10_000;

/** Measures the memory that a client holds, and the memory that calls leave behind after garbage collection. */
export async function measureMemory(setup: Setup): Promise<Table> {
  const rows = await inTurn(setup.choose(PEER_NAMES), async (peer) => {
    const { openTab, close } = await signedIn(setup, peer, 'fresh');
    const { page, open } = await openTab('&stub');
    await open();
    const heap = await page.context().newCDPSession(page);
    await page.evaluate((calls) => window.bench.makeCalls(calls), CALLS);
    const idle = await heldBytes(heap);
    await page.evaluate((calls) => window.bench.makeCalls(calls), CALLS);
    const called = await heldBytes(heap);
    await page.evaluate((count) => window.bench.openMany(count), CLIENTS);
    const opened = await heldBytes(heap);
    await close();
    return { peer, title: PEERS[peer].title, cells: { client: (opened - called) / CLIENTS / 1000, calls: Math.max(0, called - idle) / 1000 } };
  });
  return {
    id: 'memory',
    title: 'Memory, in Chromium',
    note: `Heap after garbage collection: per client for ${CLIENTS} more clients in one page, and left by ${CALLS.toLocaleString('en')} calls after ${CALLS.toLocaleString('en')} others. Axa and SuperTokens keep one client per page in any case.`,
    columns: [
      { key: 'client', title: 'kB a client', digits: 1, tolerance: 1.3 },
      { key: 'calls', title: 'kB left by 10,000 calls', digits: 0 },
    ],
    rows,
  };
}

/** Collects more than once, because objects that finalizers release are collected only the next time. */
async function heldBytes(session: CDPSession): Promise<number> {
  for (let times = 0; times < 4; times += 1) await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}
