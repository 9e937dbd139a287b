import { CookieJar } from '../browser/jar.ts';
import { stopwatch } from '../clock.ts';
import type { Instance } from '../instances/instances.ts';
import { inTurn, type Bench } from './bench.ts';
import type { Cells } from './burst.ts';

const ONE_BY_ONE = 100;
const AT_ONCE = 20;
const IN_BULK = 400;

interface Subject {
  readonly peer: string;
  readonly instance: Instance;
  readonly jar: CookieJar;
  readonly plain: Sample;
  readonly signedIn: Sample;
  roundTrips: number;
}

interface Sample {
  readonly ms: number[];
  /** Time of the processor for one request, ms. It hardly depends on other work of the machine. */
  readonly processorMs: number[];
  readonly perSecond: number[];
}

const WITHOUT_SESSION = new CookieJar();

/**
 * What the session costs in a request with a good token, over a request of the same process without a session.
 *
 * All peers run at the same time, and the rounds go over them in turn, so that a slow moment of the machine hits all.
 */
export async function measureCost(bench: Bench, peers: readonly string[], rounds: number): Promise<ReadonlyMap<string, Cells>> {
  await bench.reset();
  const subjects = await inTurn(peers, async (peer): Promise<Subject> => {
    const [instance] = await bench.instances(peer, 1);
    if (!instance) throw new Error('No instance started.');
    return { peer, instance, jar: await bench.signIn(instance), plain: { ms: [], processorMs: [], perSecond: [] }, signedIn: { ms: [], processorMs: [], perSecond: [] }, roundTrips: 0 };
  });
  for (let round = 0; round <= rounds; round += 1) {
    for (const subject of subjects) await measureRound(bench, subject, round === 0);
  }
  await Promise.all(subjects.map(({ instance }) => instance.stop()));
  return new Map(subjects.map((subject) => [subject.peer, cellsOf(subject)]));
}

/** The first round warms up the processes and counts the round trips. */
async function measureRound(bench: Bench, subject: Subject, isFirst: boolean): Promise<void> {
  const { instance } = subject;
  const before = await instance.ask({ type: 'round-trips' });
  const signedIn = await sample(bench, subject, '/token', subject.jar);
  subject.roundTrips = ((await instance.ask({ type: 'round-trips' })) - before) / (ONE_BY_ONE + IN_BULK);
  const plain = await sample(bench, subject, '/plain', WITHOUT_SESSION);
  if (isFirst) return;
  keep(subject.signedIn, signedIn);
  keep(subject.plain, plain);
}

function keep(all: Sample, { ms, processorMs, perSecond }: Sample): void {
  all.ms.push(...ms);
  all.processorMs.push(...processorMs);
  all.perSecond.push(...perSecond);
}

async function sample(bench: Bench, { instance }: Subject, path: string, jar: CookieJar): Promise<Sample> {
  const call = async () => {
    const startedAt = stopwatch();
    const { status } = await bench.call(instance, jar, path);
    if (status !== 200) throw new Error(`${path} was answered with ${status}.`);
    return stopwatch() - startedAt;
  };
  const processorTime = () => instance.ask({ type: 'processor-time' });
  const before = await processorTime();
  const ms: number[] = [];
  for (let sent = 0; sent < ONE_BY_ONE; sent += 1) ms.push(await call());
  const startedAt = stopwatch();
  let left = IN_BULK;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (left-- > 0) await call();
  }));
  const perSecond = IN_BULK / ((stopwatch() - startedAt) / 1000);
  return { ms, processorMs: [((await processorTime()) - before) / (ONE_BY_ONE + IN_BULK)], perSecond: [perSecond] };
}

function cellsOf({ plain, signedIn, roundTrips }: Subject): Cells {
  const over = (share: number) => (quantile(signedIn.ms, share) - quantile(plain.ms, share)).toFixed(2);
  const rate = quantile(signedIn.perSecond, 0.5);
  return {
    'cost-trips': roundTrips.toFixed(roundTrips % 1 === 0 ? 0 : 2),
    'cost-processor': (quantile(signedIn.processorMs, 0.5) - quantile(plain.processorMs, 0.5)).toFixed(2),
    'cost-median': over(0.5),
    'cost-p99': over(0.99),
    'cost-rate': `${Math.round(rate)}`,
    'cost-ratio': (rate / quantile(plain.perSecond, 0.5)).toFixed(2),
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
