/**
 * One clock for all processes of the benchmark, which can be moved forward.
 *
 * So a token of one hour expires at once, and no peer needs a lifetime of seconds. Timers are not moved. Import this file first.
 */
const RealDate = Date;
const realNow = RealDate.now.bind(RealDate);
const realMonotonic = performance.now.bind(performance);
let offsetMs = 0;

const now = (): number => realNow() + offsetMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
  apply: () => new RealDate(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
});
performance.now = () => realMonotonic() + offsetMs;

/** Sets by how much the clock is ahead of the real one, ms. */
export function setClockOffset(ms: number): void {
  offsetMs = ms;
}

/** Real time since the process started, ms, for timings. */
export const stopwatch = realMonotonic;

/** Today by the real clock. */
export function realDay(): string {
  return new RealDate(realNow()).toISOString().slice(0, 10);
}
