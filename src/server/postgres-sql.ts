import { invalidConfig } from '../core/model/auth-error.ts';

const DEFAULT_TABLE = 'unexpired_sessions';

/** The name of a table, as Postgres has it as the name of a channel, and in quotes for commands. */
export interface TableName {
  readonly name: string;
  readonly quoted: string;
}

/**
 * Checks the name of a table, which becomes a part of each command.
 *
 * @throws AuthError `invalid_config` with the field `table`
 */
export function tableName(table: unknown = DEFAULT_TABLE): TableName {
  if (typeof table !== 'string' || !/^(?:[a-z_]\w*\.)?[a-z_]\w*$/i.test(table) || table.length > 63) {
    throw invalidConfig('table', 'must be a name of ASCII letters, digits and underscores, such as "sessions" or "auth.sessions", of at most 63 characters');
  }
  return { name: table, quoted: table.split('.').map((part) => `"${part}"`).join('.') };
}

/**
 * Returns the SQL that creates the table of the sessions and its indexes, for your migrations. It may run again.
 *
 * The package has it for the default name as a file, too: `unexpired/server/postgres.sql`.
 *
 * @param table the name of the table, if it is not `unexpired_sessions`
 * @throws AuthError `invalid_config` with the field `table`
 * @example
 * ```ts
 * import { Pool } from 'pg';
 * import { postgresSchema } from 'unexpired/server/postgres';
 * const pool = new Pool();
 * await pool.query(postgresSchema());
 * ```
 */
export function postgresSchema(table?: string): string {
  const { name, quoted } = tableName(table);
  const index = name.replace('.', '_').slice(0, 50);
  return `-- The sessions of unexpired/server. One row is one session.
CREATE TABLE IF NOT EXISTS ${quoted} (
  key text PRIMARY KEY,
  text text NOT NULL,
  etag text NOT NULL,
  owner text,
  lease_until timestamptz,
  subject text,
  created_at timestamptz NOT NULL,
  used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX IF NOT EXISTS "${index}_subject" ON ${quoted} (subject) WHERE subject IS NOT NULL;
CREATE INDEX IF NOT EXISTS "${index}_expires" ON ${quoted} (expires_at);
`;
}

const NOW = 'clock_timestamp()';
const IS_LIVE = `expires_at > ${NOW}`;
const SEEN = `text, etag, owner, extract(epoch FROM lease_until - ${NOW})::float8 * 1000 AS left_ms, extract(epoch FROM ${NOW})::float8 * 1000 AS at`;

/** An interval of so many ms. */
const ms = (parameter: string) => `${parameter}::float8 * interval '1 millisecond'`;

/**
 * Writes the commands of one table. Each is one atomic step, and takes the time from Postgres.
 *
 * A conditional write returns the row that is there instead. If another write was committed meanwhile, that row can be the one
 * from before it. Its etag is then the one that was asked for, and the command has to run again.
 */
export function commandsOf({ quoted: table }: TableName) {
  const conflict = `SELECT (SELECT count(*) FROM done)::int AS done, seen.* FROM (VALUES (1)) AS one
    LEFT JOIN (SELECT ${SEEN} FROM ${table} WHERE key = $1 AND ${IS_LIVE} AND NOT EXISTS (SELECT FROM done)) AS seen ON true`;
  // `clock_timestamp()` may change while a command runs, so Postgres would read all rows and not the index.
  const expired = (limit: number) => `SELECT key FROM ${table} WHERE expires_at <= statement_timestamp() ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
  return {
    /** $1 key, $2 text, $3 etag, $4 subject, $5 idleMs, $6 absoluteMs. It deletes some rows of others that are over. */
    insert: `WITH swept AS (DELETE FROM ${table} WHERE key IN (${expired(10)}) AND key <> $1)
      INSERT INTO ${table} AS old (key, text, etag, subject, created_at, used_at, expires_at, ends_at)
      VALUES ($1, $2, $3, $4, ${NOW}, ${NOW}, ${NOW} + LEAST(${ms('$5')}, ${ms('$6')}), ${NOW} + ${ms('$6')})
      ON CONFLICT (key) DO UPDATE SET text = excluded.text, etag = excluded.etag, owner = NULL, lease_until = NULL, subject = excluded.subject,
        created_at = excluded.created_at, used_at = excluded.used_at, expires_at = excluded.expires_at, ends_at = excluded.ends_at
      WHERE old.expires_at <= ${NOW} RETURNING 1 AS done`,
    /** $1 key, $2 idleMs. */
    read: `WITH touched AS (UPDATE ${table} SET used_at = ${NOW}, expires_at = LEAST(${NOW} + ${ms('$2')}, ends_at)
        WHERE key = $1 AND ${IS_LIVE} AND used_at <= ${NOW} - ${ms('$2')} / 20)
      SELECT ${SEEN} FROM ${table} WHERE key = $1 AND ${IS_LIVE}`,
    /** $1 key, $2 the etag that must be there, $3 text, $4 etag, $5 owner or null, $6 ms of the lease, $7 whether it is over, $8 channel. */
    replace: `WITH done AS (UPDATE ${table} SET text = $3, etag = $4, owner = $5, subject = CASE WHEN $7::boolean THEN NULL ELSE subject END,
        lease_until = CASE WHEN $5::text IS NOT NULL THEN ${NOW} + ${ms('$6')} END
        WHERE key = $1 AND etag = $2 AND ${IS_LIVE} RETURNING CASE WHEN $5::text IS NULL THEN pg_notify($8, key)::text END)
      ${conflict}`,
    /** $1 key, $2 the etag that must be there, $3 channel. */
    remove: `WITH done AS (DELETE FROM ${table} WHERE key = $1 AND etag = $2 AND ${IS_LIVE} RETURNING pg_notify($3, key)::text) ${conflict}`,
    /** $1 key, $2 owner, $3 ms of the lease, $4 channel. */
    extend: `UPDATE ${table} SET lease_until = CASE WHEN $3::float8 > 0 THEN ${NOW} + ${ms('$3')} END, owner = CASE WHEN $3::float8 > 0 THEN owner END
      WHERE key = $1 AND owner = $2 AND lease_until > ${NOW} AND ${IS_LIVE} RETURNING CASE WHEN $3::float8 <= 0 THEN pg_notify($4, key)::text END`,
    /** $1 subject. */
    list: `SELECT key, extract(epoch FROM created_at)::float8 * 1000 AS created, extract(epoch FROM used_at)::float8 * 1000 AS used
      FROM ${table} WHERE subject = $1 AND ${IS_LIVE} ORDER BY created_at`,
    sweep: `DELETE FROM ${table} WHERE key IN (${expired(1000)}) RETURNING 1`,
  };
}
