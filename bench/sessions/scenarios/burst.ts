import type { Instance } from '../instances/instances.ts';
import { range, times, type Bench } from './bench.ts';

const REQUESTS = 20;
/** How long the access token has expired, ms. Some peers measure in whole seconds. */
const EXPIRED_MS = 1500;

interface Burst {
  readonly refreshes: number;
  readonly reuses: number;
  readonly ok: number;
  readonly lives: boolean;
}

export type Cells = Readonly<Record<string, string>>;

/** One user sends 20 requests to each instance at once, after the access token expired. */
export async function measureBursts(bench: Bench, peer: string, rounds: number): Promise<Cells> {
  const cells: Record<string, string> = {};
  for (const count of [1, 4, 8]) {
    const instances = await bench.instances(peer, count);
    const bursts = await times(rounds, () => burst(bench, instances, 'expired'));
    Object.assign(cells, cellsOf(`${count}`, bursts, count));
    if (count === 4) Object.assign(cells, cellsOf('revoked', await times(Math.min(rounds, 3), () => burst(bench, instances, 'revoked')), count));
    await Promise.all(instances.map((instance) => instance.stop()));
  }
  return { ...cells, ...cellsOf('cold', await times(Math.min(rounds, 3), () => coldBurst(bench, peer)), 1) };
}

async function burst(bench: Bench, instances: readonly Instance[], token: 'expired' | 'revoked'): Promise<Burst> {
  await bench.reset();
  const jar = await bench.signIn(instances[0] as Instance, token === 'expired' ? undefined : 600_000);
  for (const instance of instances) await bench.call(instance, jar);
  if (token === 'expired') await bench.passUntil(-EXPIRED_MS, instances);
  else await bench.authority.sessions.rejectAccessTokens();
  return send(bench, instances, jar);
}

/** The same, when the process has just started and has served no request. */
async function coldBurst(bench: Bench, peer: string): Promise<Burst> {
  await bench.reset();
  const [before] = await bench.instances(peer, 1);
  if (!before) throw new Error('No instance started.');
  const jar = await bench.signIn(before);
  await before.stop();
  await bench.passUntil(-EXPIRED_MS, []);
  const instances = await bench.instances(peer, 1);
  const result = await send(bench, instances, jar);
  await Promise.all(instances.map((instance) => instance.stop()));
  return result;
}

async function send(bench: Bench, instances: readonly Instance[], jar: Parameters<Bench['call']>[1]): Promise<Burst> {
  const answers = await Promise.all(instances.flatMap((instance) => Array.from({ length: REQUESTS }, () => bench.call(instance, jar))));
  const { refreshes, reuses } = { ...bench.authority.sessions.counts };
  let lives = true;
  for (const instance of instances) lives = (await bench.call(instance, jar)).status === 200 && lives;
  return { refreshes, reuses, ok: answers.filter(({ status }) => status === 200).length, lives };
}

function cellsOf(key: string, bursts: readonly Burst[], instances: number): Cells {
  const column = (name: 'refreshes' | 'reuses' | 'ok') => range(bursts.map((each) => each[name]));
  return { [`burst-${key}`]: `${column('refreshes')} / ${column('reuses')} / ${column('ok')} of ${REQUESTS * instances} / ${bursts.filter(({ lives }) => lives).length} of ${bursts.length}` };
}
