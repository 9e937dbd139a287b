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
    const isTimed = index === 0;
    await setDurable(bench.postgres, isTimed);
    const startedAt = stopwatch();
    await instance.ask({ type: 'sign-in', count: count - total });
    const seconds = (stopwatch() - startedAt) / 1000;
    if (isTimed) cells['store-rate'] = Math.round(count / seconds).toString();
    total = count;
    const now = await sizes(bench, () => instance.ask({ type: 'memory' }));
    cells[`store-${index}`] = Object.entries(now).flatMap(([place, bytes]) => sizeText(place, bytes - (before[place] ?? 0))).join(', ');
  }
  await setDurable(bench.postgres, true);
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
  const [row] = await query(connectionString, 'select pg_database_size(current_database()) as size');
  return Number(row?.['size'] ?? 0);
}

/** Postgres need not wait for its disk while a table is only filled. */
async function setDurable(connectionString: string | null, isDurable: boolean): Promise<void> {
  await query(connectionString, `alter system set synchronous_commit = ${isDurable ? 'on' : 'off'}`);
  await query(connectionString, 'select pg_reload_conf()');
}

async function query(connectionString: string | null, text: string): Promise<Readonly<Record<string, unknown>>[]> {
  if (connectionString === null) return [];
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(text);
  await client.end();
  return rows;
}

/** A store that does not grow is left out. */
function sizeText(place: string, bytes: number): string[] {
  return bytes < 500_000 && place !== 'process' ? [] : [`${place} ${(bytes / 1e6).toFixed(1)} MB`];
}
