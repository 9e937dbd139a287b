import pg from 'pg';
import { stopwatch } from '../clock.ts';
import type { Bench } from './bench.ts';
import type { Cells } from './burst.ts';

const READS = 300;

/** The memory of many sessions, in the store and in the process that signed the users in. */
export async function measureStores(bench: Bench, peer: string, counts: readonly [number, number]): Promise<Cells> {
  await bench.reset();
  const [instance] = await bench.instances(peer, 1);
  if (!instance) throw new Error('No instance started.');
  const jar = await bench.signIn(instance, 3_600_000);
  const before = await sizes(bench, () => instance.ask({ type: 'memory' }));
  const cells: Record<string, string> = {};
  let total = 0;
  for (const [index, count] of counts.entries()) {
    const startedAt = stopwatch();
    await instance.ask({ type: 'sign-in', count: count - total });
    const seconds = (stopwatch() - startedAt) / 1000;
    cells['store-rate'] = Math.round((count - total) / seconds).toString();
    total = count;
    const now = await sizes(bench, () => instance.ask({ type: 'memory' }));
    cells[`store-${index}`] = Object.entries(now).flatMap(([place, bytes]) => sizeText(place, bytes - (before[place] ?? 0))).join(', ');
  }
  const ms: number[] = [];
  for (let sent = 0; sent < READS; sent += 1) {
    const startedAt = stopwatch();
    const { status } = await bench.call(instance, jar, '/token');
    if (status !== 200) throw new Error(`With ${total} sessions, a request was answered with ${status}.`);
    ms.push(stopwatch() - startedAt);
  }
  ms.sort((a, b) => a - b);
  cells['store-read'] = (ms[READS / 2] ?? NaN).toFixed(2);
  await instance.stop();
  return cells;
}

/** Bytes, by the place that they are in. */
async function sizes(bench: Bench, heap: () => Promise<number>): Promise<Readonly<Record<string, number>>> {
  const redis = Number(/used_memory:(\d+)/.exec(await bench.redis.info('memory'))?.[1]);
  return { Redis: redis, Postgres: await postgresSize(bench.postgres), process: await heap() };
}

async function postgresSize(connectionString: string | null): Promise<number> {
  if (connectionString === null) return 0;
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ size: string }>('select pg_database_size(current_database()) as size');
  await client.end();
  return Number(rows[0]?.size);
}

/** A store that does not grow is left out. */
function sizeText(place: string, bytes: number): string[] {
  return bytes < 500_000 && place !== 'process' ? [] : [`${place} ${(bytes / 1e6).toFixed(1)} MB`];
}
