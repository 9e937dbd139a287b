import type { Call } from '../peers/peer.ts';

/** Times calls, `width` of them at once; µs per call. */
export async function timeCalls(call: Call, calls: number, width: number): Promise<number> {
  const startedAt = performance.now();
  for (let done = 0; done < calls; done += width) {
    if (width === 1) await call('/items/1');
    else await Promise.all(Array.from({ length: width }, () => call('/items/1')));
  }
  return ((performance.now() - startedAt) * 1000) / calls;
}
