import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';
import { postgresSchema } from 'unexpired/server/postgres';
import { startPostgres } from '../../support/postgres-server.ts';
import { delay, until } from '../../support/until.ts';
import type { Proof } from './proof-store.ts';

const execute = promisify(execFile);

/** Starts a Postgres with the table of the sessions. */
export async function startPostgresProof(bin: string): Promise<Proof> {
  const server = await startPostgres(bin);
  const { host, port, user, database } = server.options;

  async function asked<T>(run: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client(server.options);
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await run(client);
    } finally {
      await client.end();
    }
  }
  /** Sends a signal to the processes of all connections, and to those that serve them. */
  async function signal(name: NodeJS.Signals): Promise<void> {
    const { stdout } = await execute('pgrep', ['-P', String(server.pid)]);
    for (const pid of stdout.split('\n').filter((line) => line !== '')) process.kill(Number(pid), name);
    server.kill(name);
  }
  const reads = async (isReadOnly: boolean) => asked(async (client) => {
    await client.query(`ALTER SYSTEM SET default_transaction_read_only = ${isReadOnly}`);
    await client.query('SELECT pg_reload_conf()');
  });
  await asked((client) => client.query(postgresSchema()));

  return {
    name: 'Postgres',
    addresses: [{ kind: 'postgres', url: `postgres://${user}@${host}:${port}/${database}` }],
    /** If one process of a connection is killed, Postgres ends all of them, recovers, and starts again. */
    async restart() {
      await asked(async (client) => {
        const { rows } = await client.query<{ readonly pid: number }>('SELECT pg_backend_pid() AS pid');
        process.kill(rows[0]?.pid ?? 0, 'SIGKILL');
      }).catch(() => undefined);
      await until('Postgres', () => asked((client) => client.query('SELECT 1')).then(() => true, () => false));
    },
    async pause(ms) {
      await signal('SIGSTOP');
      await delay(ms);
      await signal('SIGCONT');
    },
    /** A service without space lets Postgres only read. */
    async fill(ms) {
      await reads(true);
      await delay(ms);
      await reads(false);
    },
    /** A copy of the rows from before is put back, and all connections are lost. */
    failOver: (ms) => asked(async (client) => {
      await client.query('CREATE TEMPORARY TABLE former AS SELECT * FROM unexpired_sessions');
      await delay(ms);
      await client.query('BEGIN; LOCK TABLE unexpired_sessions; DELETE FROM unexpired_sessions; INSERT INTO unexpired_sessions SELECT * FROM former; COMMIT');
      await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = \'client backend\' AND pid <> pg_backend_pid()');
    }),
    stop: () => server.stop(),
  };
}
