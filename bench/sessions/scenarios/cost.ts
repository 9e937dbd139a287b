import { CookieJar } from '../browser/jar.ts';
import type { Instance } from '../instances/instances.ts';
import { inTurn, type Bench } from './bench.ts';
import type { Cells } from './burst.ts';
import { keep, quantile, REQUESTS_OF_A_SAMPLE, sample, type Sample } from './sample.ts';

interface Subject {
  readonly peer: string;
  readonly instance: Instance;
  readonly jar: CookieJar;
  readonly plain: Sample;
  readonly signedIn: Sample;
  roundTrips: number;
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
  const signedIn = await timingsOf(bench, subject, '/token', subject.jar);
  subject.roundTrips = ((await instance.ask({ type: 'round-trips' })) - before) / REQUESTS_OF_A_SAMPLE;
  const plain = await timingsOf(bench, subject, '/plain', WITHOUT_SESSION);
  if (isFirst) return;
  keep(subject.signedIn, signedIn);
  keep(subject.plain, plain);
}

function timingsOf(bench: Bench, { instance }: Subject, path: string, jar: CookieJar): Promise<Sample> {
  const send = async () => {
    const { status } = await bench.call(instance, jar, path);
    if (status !== 200) throw new Error(`${path} was answered with ${status}.`);
  };
  return sample(send, () => instance.ask({ type: 'processor-time' }));
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
