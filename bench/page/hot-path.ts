import type { Call } from '../peers/peer.ts';

const BATCH = 64;
const WARM_MS = 5;

/** How long one timing makes calls, ms. It is not a number of calls, because peers differ by a factor of a hundred. */
export const TIMED_MS = 25;

/** Times calls, `width` of them at once, in µs per call. Garbage is collected and caches are warmed up first. */
export async function timeCalls(call: Call, width: number): Promise<number> {
  (globalThis as { gc?: () => void }).gc?.();
  await makeCalls(call, WARM_MS, width);
  return makeCalls(call, TIMED_MS, width);
}

async function makeCalls(call: Call, forMs: number, width: number): Promise<number> {
  const startedAt = performance.now();
  let passedMs = 0;
  let done = 0;
  for (; passedMs < forMs; done += BATCH) {
    if (width === 1) for (let index = 0; index < BATCH; index += 1) await call('/items/1');
    else await Promise.all(Array.from({ length: BATCH }, () => call('/items/1')));
    passedMs = performance.now() - startedAt;
  }
  return (passedMs * 1000) / done;
}
