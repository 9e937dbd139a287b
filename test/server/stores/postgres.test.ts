import { readFileSync } from 'node:fs';
import pg from 'pg';
import { postgres, postgresSchema } from 'unexpired/server/postgres';
import { checkStoreContract } from 'unexpired/server/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverFor } from '../support/programs.ts';
import { startPostgres, type PostgresServer } from '../support/postgres-server.ts';

const bin = serverFor('postgres');

it('the SQL file of the package is that of `postgresSchema`', () => {
  expect(readFileSync(new URL('../../../src/server/postgres.sql', import.meta.url), 'utf8')).toBe(postgresSchema());
});

describe.skipIf(bin === null)('on Postgres, the contract of a store is kept by', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres(bin ?? '');
    const pool = new pg.Pool(server.options);
    await pool.query(postgresSchema());
    await pool.query(postgresSchema()); // A migration may run again.
    await pool.query('CREATE SCHEMA auth');
    await pool.query(postgresSchema('auth.Own_sessions'));
    await pool.end();
  });
  afterAll(() => server?.stop());

  it('two pools', async () => {
    const pools = [new pg.Pool(server.options), new pg.Pool(server.options)] as const;
    let turn = 0;
    await checkStoreContract(() => postgres(pools[turn++ % 2 ? 1 : 0]));
    for (const pool of pools) await pool.end();
  });

  it('a pool of two connections, with a table of its own in a schema', async () => {
    const pool = new pg.Pool({ ...server.options, max: 2 });
    const store = postgres(pool, { table: 'auth.Own_sessions' });
    await checkStoreContract(() => store);
    await pool.end();
  });

  it.each(['repeatable read', 'serializable'])('a pool with the isolation level "%s"', async (level) => {
    const pool = new pg.Pool({ ...server.options, options: `-c default_transaction_isolation=${level.replace(' ', '\\ ')}` });
    expect((await pool.query('SHOW transaction_isolation')).rows).toEqual([{ transaction_isolation: level }]);
    await checkStoreContract(() => postgres(pool));
    await pool.end();
  });

  it('a pool of one connection, without `watch`', async () => {
    const pool = new pg.Pool({ ...server.options, max: 1 });
    expect(postgres(pool).watch).toBeUndefined();
    await checkStoreContract(() => postgres(pool));
    await pool.end();
  });

  it('a sign-in reads no row of another session, however many there are', async () => {
    const pool = new pg.Pool(server.options);
    await pool.query(`INSERT INTO unexpired_sessions (key, text, etag, created_at, used_at, expires_at, ends_at)
      SELECT 'many-' || n, 'text', 'etag', now(), now(), now() + interval '1 day', now() + interval '1 day' FROM generate_series(1, 3000) AS n`);
    await pool.query('ANALYZE unexpired_sessions');
    const asked: unknown[][] = [];
    const watched = Object.assign(Object.create(pool) as pg.Pool, { query: (...args: unknown[]) => (asked.push(args), (pool.query as (...all: unknown[]) => unknown)(...args)) });
    await postgres(watched).insert('one', { text: 'text', etag: 'etag', subject: null, idleMs: 1000, absoluteMs: 1000 });
    const [query, values] = asked.flatMap((args) => (typeof args[0] === 'string' ? [args] : [[(args[0] as pg.QueryConfig).text, (args[0] as pg.QueryConfig).values]])).find(([text]) => String(text).includes('INSERT')) ?? [];
    const { rows } = await pool.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${String(query)}`, ['other', ...(values as unknown[]).slice(1)]);
    const plan = JSON.stringify(rows);
    expect(plan).toContain('unexpired_sessions_expires');
    expect(Math.max(0, ...[...plan.matchAll(/"Rows Removed by Filter":(\d+)/g)].map(([, count]) => Number(count)))).toBeLessThan(10);
    await pool.end();
  });
});
