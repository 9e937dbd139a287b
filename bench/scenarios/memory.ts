import type { CDPSession } from 'playwright-core';
import { PEER_NAMES, PEERS } from '../peers/names.ts';
import { signedIn, type Stage } from './stage.ts';
import { inTurn, type Table } from './table.ts';

const CLIENTS = 100;
const CALLS = 10_000;

/** What a client holds, and what calls leave behind once garbage is collected. */
export async function measureMemory(stage: Stage): Promise<Table> {
  const rows = await inTurn(PEER_NAMES, async (peer) => {
    const { openTab, close } = await signedIn(stage, peer, 'fresh');
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
    note: `Heap after garbage collection: for each of ${CLIENTS} further clients of one page, and left by ${CALLS.toLocaleString('en')} calls after ${CALLS.toLocaleString('en')} others. axa and SuperTokens keep one client a page whatever is asked for.`,
    columns: [
      { key: 'client', title: 'kB a client', digits: 1, tolerance: 1.3 },
      { key: 'calls', title: 'kB left by 10,000 calls', digits: 0 },
    ],
    rows,
  };
}

/** More than once: what finalizers let go of is collected only the next time. */
async function heldBytes(session: CDPSession): Promise<number> {
  for (let times = 0; times < 4; times += 1) await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}
