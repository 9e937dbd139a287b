import { stopwatch } from '../clock.ts';

const ONE_BY_ONE = 100;
const AT_ONCE = 20;
const IN_BULK = 400;

/** How many requests a sample has. */
export const REQUESTS_OF_A_SAMPLE = ONE_BY_ONE + IN_BULK;

/** The timings of one kind of request. */
export interface Sample {
  readonly ms: number[];
  /** Time of the processor for one request, ms. It hardly depends on other work of the machine. */
  readonly processorMs: number[];
  readonly perSecond: number[];
}

/** Takes the timings of requests one by one, and then of 20 at once. */
export async function sample(send: () => Promise<void>, processorTime: () => Promise<number>): Promise<Sample> {
  const call = async () => {
    const startedAt = stopwatch();
    await send();
    return stopwatch() - startedAt;
  };
  const before = await processorTime();
  const ms: number[] = [];
  for (let sent = 0; sent < ONE_BY_ONE; sent += 1) ms.push(await call());
  const startedAt = stopwatch();
  let left = IN_BULK;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (left-- > 0) await call();
  }));
  const perSecond = IN_BULK / ((stopwatch() - startedAt) / 1000);
  return { ms, processorMs: [((await processorTime()) - before) / REQUESTS_OF_A_SAMPLE], perSecond: [perSecond] };
}

/** Adds the timings of a round to those of all rounds. */
export function keep(all: Sample, { ms, processorMs, perSecond }: Sample): void {
  all.ms.push(...ms);
  all.processorMs.push(...processorMs);
  all.perSecond.push(...perSecond);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
