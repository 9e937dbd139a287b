import { CookieJar } from '../browser/jar.ts';
import type { Instance } from '../instances/instances.ts';
import { inTurn, type Bench } from './bench.ts';
import type { Cells } from './burst.ts';
import { keep, quantile, REQUESTS_OF_A_SAMPLE, sample, type Sample } from './sample.ts';

interface Proxy {
  readonly peer: string;
  readonly instance: Instance;
  readonly jar: CookieJar;
  readonly sample: Sample;
  roundTrips: number;
}

const NO_COOKIES = new CookieJar();

/**
 * What a request to an API costs through the proxy of a peer, over a direct one. The token is good.
 *
 * The rounds go over the direct way and all peers in turn, so that a slow moment of the machine hits all.
 */
export async function measureProxy(bench: Bench, peers: readonly string[], rounds: number): Promise<ReadonlyMap<string, Cells>> {
  await bench.reset();
  const direct: Sample = { ms: [], processorMs: [], perSecond: [] };
  const proxies = await inTurn(peers, async (peer): Promise<Proxy> => {
    const [instance] = await bench.instances(peer, 1);
    if (!instance) throw new Error('No instance started.');
    return { peer, instance, jar: await bench.signIn(instance, 3_600_000), sample: { ms: [], processorMs: [], perSecond: [] }, roundTrips: 0 };
  });
  for (let round = 0; round <= rounds; round += 1) {
    const first = await sample(() => statusOf(bench, bench.api.port, '/direct', NO_COOKIES), async () => 0);
    if (round > 0) keep(direct, first);
    for (const proxy of proxies) await measureRound(bench, proxy, round === 0);
  }
  await Promise.all(proxies.map(({ instance }) => instance.stop()));
  return new Map(proxies.map((proxy) => [proxy.peer, cellsOf(proxy, direct)]));
}

/** The first round warms up the processes. */
async function measureRound(bench: Bench, proxy: Proxy, isFirst: boolean): Promise<void> {
  const { instance, jar } = proxy;
  const before = await instance.ask({ type: 'round-trips' });
  const taken = await sample(() => statusOf(bench, instance.port, '/proxied/me', jar), () => instance.ask({ type: 'processor-time' }));
  proxy.roundTrips = ((await instance.ask({ type: 'round-trips' })) - before) / REQUESTS_OF_A_SAMPLE;
  if (!isFirst) keep(proxy.sample, taken);
}

async function statusOf(bench: Bench, port: number, path: string, jar: CookieJar): Promise<void> {
  const { status } = await bench.browser.call(port, path, jar);
  if (status !== 200) throw new Error(`${path} was answered with ${status}.`);
}

function cellsOf({ sample: proxied, roundTrips }: Proxy, direct: Sample): Cells {
  const over = (share: number) => (quantile(proxied.ms, share) - quantile(direct.ms, share)).toFixed(2);
  const rate = quantile(proxied.perSecond, 0.5);
  return {
    'proxy-trips': roundTrips.toFixed(roundTrips % 1 === 0 ? 0 : 2),
    'proxy-median': over(0.5),
    'proxy-p99': over(0.99),
    'proxy-rate': `${Math.round(rate)}`,
    'proxy-ratio': (rate / quantile(direct.perSecond, 0.5)).toFixed(2),
    'proxy-processor': quantile(proxied.processorMs, 0.5).toFixed(2),
  };
}
