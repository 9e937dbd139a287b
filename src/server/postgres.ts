import { AuthError } from '../core/model/auth-error.ts';
import { checkPool, listen, queryOf, type PostgresPool } from './postgres-pool.ts';
import { commandsOf, tableName } from './postgres-sql.ts';
import { serverPlatform } from './server-platform.ts';
import { createStoreWatchers } from './store-watchers.ts';
import type { SessionRow, SessionStore, Write } from './store.ts';

/** How often a write is tried again whose row has changed between two steps of Postgres. */
const MOST_TRIES = 10;

/** How many rows one command of `sweep` deletes. */
const BATCH = 1000;

/** Options of {@link postgres}. */
export interface PostgresOptions {
  /** The table, with its schema if it is not on the search path. Default: `unexpired_sessions`. */
  readonly table?: string;
}

/** The store of {@link postgres}. */
export interface PostgresStore extends SessionStore {
  /**
   * Deletes all rows that are over. Each `insert` deletes up to ten, so an app with few sign-ins calls this once an hour, by
   * a cron job or `setInterval(() => store.sweep().catch(log), 3_600_000)`.
   *
   * @returns how many rows it has deleted
   */
  readonly sweep: () => Promise<number>;
}

/**
 * Keeps the sessions in a table of Postgres, by the app's own pool of `pg`. One row is one session.
 *
 * Each method is one command and one round trip. All times are those of Postgres. While requests wait for a refresh of another
 * instance, one connection of the pool listens for messages. If the pool has only one connection, or a proxy such as PgBouncer
 * drops `LISTEN`, such a request waits longer, up to the end of a lease.
 *
 * Create the table before: `postgresSchema()` returns the SQL, and `unexpired/server/postgres.sql` is the same as a file.
 *
 * @param pool the store never ends it; end it after `close`
 * @throws AuthError `invalid_config` with the field `pool` or `table`. The methods reject with `storage_unavailable`, which is
 * transient, if Postgres refuses a command, or has not answered within 4 s
 * @see https://www.postgresql.org/docs/current/sql-notify.html
 * @example
 * ```ts
 * import { Pool } from 'pg';
 * import { oauth2 } from 'unexpired/oauth2';
 * import { createSessions } from 'unexpired/server';
 * import { postgres } from 'unexpired/server/postgres';
 * const pool = new Pool({ connectionString: 'postgres://localhost/app' });
 * const protocol = oauth2({ tokenEndpoint: 'https://id.example.com/oauth/token', clientId: 'my-app', resourceOrigins: ['https://api.example.com'] });
 * const sessions = createSessions({ protocol, store: postgres(pool), secrets: ['a-secret-of-at-least-32-characters-1'] });
 * ```
 */
export function postgres(pool: PostgresPool, { table }: PostgresOptions = {}): PostgresStore {
  checkPool(pool);
  const name = tableName(table);
  const commands = commandsOf(name);
  const platform = serverPlatform();
  const query = queryOf(pool, platform);
  const watchers = createStoreWatchers(platform, (onKey, onLost) => listen(pool, name.name, onKey, onLost));

  async function write(command: string, values: readonly [key: string, ifMatch: string, ...rest: unknown[]]): Promise<Write> {
    for (let turn = 1; ; turn += 1) {
      const [result = {}] = await query(command, values);
      if (result['done'] === 1) return { isDone: true };
      const row = rowFrom(result);
      if (row?.etag !== values[1]) return { isDone: false, row };
      if (turn === MOST_TRIES) throw new AuthError('storage_unavailable', 'The row of a session changes all the time. Try again.', { transient: true });
    }
  }

  async function sweep(): Promise<number> {
    for (let deleted = 0; ; ) {
      const { length } = await query(commands.sweep, []);
      deleted += length;
      if (length < BATCH) return deleted;
    }
  }

  return {
    name: 'postgres',
    async insert(key, { text, etag, subject, idleMs, absoluteMs }) {
      const rows = await query(commands.insert, [key, text, etag, subject, idleMs, absoluteMs]);
      if (rows.length === 0) throw new AuthError('storage_unavailable', 'There is a session with this key already.');
    },
    read: async (key, idleMs) => rowFrom((await query(commands.read, [key, idleMs]))[0]),
    replace: (key, ifMatch, { text, etag, lease, isEnded }) => write(commands.replace, [key, ifMatch, text, etag, lease?.owner ?? null, lease?.leftMs ?? 0, isEnded, name.name]),
    remove: (key, ifMatch) => write(commands.remove, [key, ifMatch, name.name]),
    extend: async (key, owner, leaseMs) => (await query(commands.extend, [key, owner, leaseMs, name.name])).length === 1,
    list: async (subject) => (await query(commands.list, [subject])).map((row) => ({ key: String(row['key']), createdAt: Math.round(Number(row['created'])), usedAt: Math.round(Number(row['used'])) })),
    ...(pool.options?.max === 1 ? {} : { watch: watchers.watch }), // One connection would wait for itself.
    close: watchers.close,
    sweep,
  };
}

function rowFrom(row: Readonly<Record<string, unknown>> | undefined): SessionRow | null {
  if (!row || typeof row['etag'] !== 'string') return null;
  const leftMs = Number(row['left_ms']);
  return { text: String(row['text']), etag: row['etag'], lease: leftMs > 0 ? { owner: String(row['owner']), leftMs } : null, at: Number(row['at']) };
}
