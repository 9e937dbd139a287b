import pg from 'pg';
import { postgres, postgresSchema } from 'unexpired/server/postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startPostgres, type PostgresServer } from '../support/postgres-server.ts';
import { serverFor } from '../support/programs.ts';
import { firstRow, secondRow } from '../support/rows.ts';

const bin = serverFor('postgres');

const unavailable = (text: string) => expect.objectContaining({ code: 'storage_unavailable', transient: true, message: expect.stringContaining(text) });

describe('postgres rejects with `invalid_config`', () => {
  it.each([
    ['no pool', undefined, 'must be a `Pool` of `pg`; its type is undefined'],
    ['the address of Postgres', 'postgres://user:secret@localhost', 'not its address'],
    ['a client', new pg.Client(), 'it is a client, so pass a `Pool`'],
    ['a client of another package', { evalSha: () => undefined }, 'its type is object'],
  ])('for %s', (_, pool, problem) => {
    expect(() => postgres(pool as never)).toThrow(expect.objectContaining({ code: 'invalid_config', field: 'pool', message: expect.stringContaining(problem) }));
    expect(() => postgres(pool as never)).not.toThrow('secret');
  });

  it.each(['', 'a b', 'a"; DROP TABLE users; --', 'a.b.c', '1a', 'ä', 'a'.repeat(64), 7])('for the table %j', (table) => {
    for (const create of [() => postgres(new pg.Pool(), { table: table as never }), () => postgresSchema(table as never)]) {
      expect(create).toThrow(expect.objectContaining({ code: 'invalid_config', field: 'table' }));
    }
  });
});

describe.skipIf(bin === null)('postgres', () => {
  let server: PostgresServer;
  const pools: pg.Pool[] = [];
  const poolOf = (options: pg.PoolConfig = {}) => {
    const pool = new pg.Pool({ ...server.options, ...options });
    pool.on('error', () => undefined);
    pools.push(pool);
    return pool;
  };
  beforeAll(async () => {
    server = await startPostgres(bin ?? '');
    await poolOf().query(postgresSchema());
  });
  afterEach(async () => {
    for (const pool of pools.splice(0)) await pool.end();
  });
  afterAll(() => server?.stop());

  it('rejects while Postgres is down or the pool has ended, and says what to do', async () => {
    const offline = poolOf({ port: 1 });
    await expect(postgres(offline).read('a', 1000)).rejects.toThrow(unavailable('Postgres could not be asked (Error). Check that Postgres runs'));
    const ended = new pg.Pool(server.options);
    await ended.end();
    await expect(postgres(ended).read('a', 1000)).rejects.toThrow(unavailable('The pool has ended.'));
  });

  it('rejects within its deadline while Postgres is paused, and works afterwards', async () => {
    const own = await startPostgres(bin ?? '');
    const pool = new pg.Pool(own.options);
    await pool.query(postgresSchema());
    const store = postgres(pool);
    await store.insert('a', firstRow());
    const { pid } = (await pool.query('SELECT pg_backend_pid() AS pid')).rows[0] as { pid: number };
    for (const paused of [own.pid, pid]) process.kill(paused, 'SIGSTOP');
    await expect(store.read('a', 1000)).rejects.toThrow(unavailable('Postgres has not answered within 4000 ms'));
    for (const paused of [pid, own.pid]) process.kill(paused, 'SIGCONT');
    expect(await store.read('a', 60_000)).toMatchObject({ etag: 'etag-1' });
    await pool.end();
    await own.stop();
  });

  it('names the SQL to run if there is no table, and quotes neither a key nor a text', async () => {
    const error = await postgres(poolOf(), { table: 'missing' }).insert('the-key', firstRow()).catch((reason: unknown) => reason);
    expect(error).toEqual(unavailable('(SQLSTATE 42P01). Run the SQL of `postgresSchema()`'));
    expect(JSON.stringify([error, String(error)])).not.toMatch(/the-key|first|missing|cause|stack/);
  });

  it('costs one round trip a method', async () => {
    const pool = poolOf();
    const query = vi.spyOn(pool, 'query');
    const store = postgres(pool);
    await store.insert('trips', firstRow({ subject: 'trips' }));
    await store.read('trips', 60_000);
    await store.replace('trips', 'etag-1', secondRow({ etag: 'etag-2', lease: { owner: 'b', leftMs: 1000 } }));
    await store.replace('trips', 'another etag', secondRow());
    await store.extend('trips', 'b', 0);
    await store.list('trips');
    await store.remove('trips', 'etag-2');
    expect(query).toHaveBeenCalledTimes(7);
  });

  it.each([
    ['read committed', "UPDATE unexpired_sessions SET etag = 'newer' WHERE key = $1", { etag: 'newer' }],
    ['repeatable read', "UPDATE unexpired_sessions SET etag = 'newer' WHERE key = $1", { etag: 'newer' }],
    ['read committed', 'DELETE FROM unexpired_sessions WHERE key = $1', null],
  ])('resolves to the row of a write that it had to wait for (%s, %s)', async (level, command, row) => {
    const admin = poolOf();
    const store = postgres(poolOf({ options: `-c default_transaction_isolation=${level.replace(' ', '\\ ')}` }));
    const other = await admin.connect();
    try {
      for (const write of [() => store.replace('locked', 'etag-1', secondRow()), () => store.remove('locked', 'etag-1')]) {
        await store.insert('locked', firstRow());
        await other.query('BEGIN');
        await other.query(command, ['locked']);
        const written = write();
        await eventually(async () => expect((await admin.query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).rowCount).toBe(1));
        await other.query('COMMIT');
        expect(await written).toEqual({ isDone: false, row: row && expect.objectContaining(row) });
        await admin.query("DELETE FROM unexpired_sessions WHERE key = 'locked'");
      }
    } finally {
      other.release(true); // A lock that is left would keep the pools from ending.
    }
  });

  it('extends the life of a row only after a twentieth of `idleMs`', async () => {
    const pool = poolOf();
    const store = postgres(pool);
    const version = async () => (await pool.query("SELECT xmin::text FROM unexpired_sessions WHERE key = 'life'")).rows;
    await store.insert('life', firstRow());
    const before = await version();
    await store.read('life', 60_000);
    expect(await version()).toEqual(before);
    await pool.query("UPDATE unexpired_sessions SET used_at = used_at - interval '4 s' WHERE key = 'life'");
    const changed = await version();
    await store.read('life', 60_000);
    expect(await version()).not.toEqual(changed);
  });

  it('deletes rows that are over: up to ten at an `insert`, and all with `sweep`', async () => {
    const pool = poolOf();
    await pool.query(postgresSchema('swept'));
    const store = postgres(pool, { table: 'swept' });
    const count = async () => (await pool.query('SELECT count(*)::int FROM swept')).rows[0] as { count: number };
    await store.insert('live', firstRow());
    await pool.query("INSERT INTO swept SELECT 'old-' || n, 'text', 'etag', NULL, NULL, NULL, now(), now(), now() - interval '1 s', now() FROM generate_series(1, 2500) AS n");
    await store.insert('old-1', firstRow());
    expect((await count()).count).toBeLessThanOrEqual(2492);
    expect(await store.read('old-1', 60_000)).toMatchObject({ etag: 'etag-1' });
    expect(await store.sweep()).toBeGreaterThan(2480);
    expect(await count()).toEqual({ count: 2 });
    expect(await store.sweep()).toBe(0);
  });

  it('receives messages again after its connection was lost, and gives it back', async () => {
    const [pool, admin] = [poolOf(), poolOf()];
    const store = postgres(pool);
    const listeners = async () => (await admin.query("SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")).rows as { pid: number }[];
    let calls = 0;
    const release = store.watch?.('watched', () => (calls += 1));
    await eventually(async () => expect(await listeners()).toHaveLength(1));
    const [lost] = await listeners();
    await admin.query('SELECT pg_terminate_backend($1)', [lost?.pid]);
    await store.insert('watched', firstRow());
    let etag = 'etag-1';
    await eventually(async () => {
      await store.replace('watched', etag, secondRow({ etag: `${etag}+` }));
      etag += '+';
      expect(calls).toBeGreaterThan(0);
    });
    release?.();
    await store.close();
    await eventually(async () => expect(await listeners()).toEqual([]));
    expect(pool.totalCount - pool.idleCount).toBe(0);
    expect(await store.read('watched', 60_000)).not.toBeNull(); // The app's own pool is still open.
  });

  it('tries again to listen while Postgres has no connection left', async () => {
    const pool = poolOf({ max: 2 });
    const connect = vi.spyOn(pool, 'connect').mockImplementationOnce(() => Promise.reject(new Error('too many connections')));
    const store = postgres(pool);
    const release = store.watch?.('a', () => undefined);
    await eventually(() => expect(connect).toHaveBeenCalledTimes(2));
    release?.();
    await store.close();
  });
});
