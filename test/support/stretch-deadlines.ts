/**
 * Makes the client's own deadlines of 10 s longer. On a busy machine, a call that waits for a token would otherwise fail in a burst.
 * It runs in a page, before the client is created, and uses nothing outside itself.
 */
export function stretchDeadlines(factor: number): void {
  const setTimer = globalThis.setTimeout.bind(globalThis);
  const stretched = (fire: TimerHandler, delayMs = 0, ...args: unknown[]) => setTimer(fire, delayMs > 9990 && delayMs <= 10_000 ? delayMs * factor : delayMs, ...args);
  globalThis.setTimeout = stretched as typeof globalThis.setTimeout;
}
