import type { CDPSession, Page } from 'playwright-core';
import type { Handles } from '../harness/handles.ts';

/** The memory and resources that a page holds after garbage collection. */
export interface Held extends Handles {
  readonly heapBytes: number;
  readonly listeners: number;
  readonly nodes: number;
}

/** Returns a function that measures a page's memory. */
export async function watchMemory(page: Page): Promise<() => Promise<Held>> {
  const session = await page.context().newCDPSession(page);
  return async () => {
    const handles = (await page.evaluate('window.endurance.handles()')) as Handles;
    await collectGarbage(session);
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { jsEventListeners, nodes } = await session.send('Memory.getDOMCounters');
    return { ...handles, heapBytes: usedSize, listeners: jsEventListeners, nodes };
  };
}

/** Collects more than once, because objects that finalizers release are collected only the next time. */
async function collectGarbage(session: CDPSession): Promise<void> {
  for (let times = 0; times < 3; times += 1) await session.send('HeapProfiler.collectGarbage');
}
