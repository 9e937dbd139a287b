import { AuthError, invalidConfig } from '../core/model/auth-error.ts';
import { nameOf } from '../core/model/foreign-error.ts';
import { DeadlineExceeded, withDeadline } from '../core/platform/deadline.ts';
import type { Platform } from '../core/platform/platform.ts';
import type { KeyFeed } from './store-watchers.ts';

/** A connection of a pool. */
export interface PostgresClient {
  query(text: string): Promise<unknown>;
  on(event: 'error' | 'end', listener: () => void): unknown;
  on(event: 'notification', listener: (message: { readonly payload?: string | undefined }) => void): unknown;
  release(isDestroyed?: boolean): void;
}

/** A pool of the package `pg`. */
export interface PostgresPool {
  readonly options?: { readonly max?: number };
  readonly ended?: boolean;
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
  connect(): Promise<PostgresClient>;
}

/** The rows that a command returns. */
export type Query = (text: string, values: readonly unknown[]) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** A command that takes longer has failed, ms. It is below the deadline of the sessions, so that the message says what is wrong. */
const DEADLINE_MS = 4000;

/** How often a command is run again that Postgres has rolled back because of another one. */
const MOST_RUNS = 10;

const MAY_BE_OFFLINE = 'Check that Postgres runs, that this machine reaches it, and that the pool has a free connection.';
const MIGRATE = 'Run the SQL of `postgresSchema()` in your migrations, and check `table`.';

/** What to do about a refusal of Postgres, by its SQLSTATE. The message of Postgres is not shown. */
const REFUSALS: Readonly<Record<string, string>> = {
  '25006': 'The pool is connected to a server that only reads.',
  '28000': 'Check the user of the pool.',
  '28P01': 'Check the user and the password of the pool.',
  '3D000': 'Check the database of the pool.',
  '42501': 'Let its user select, insert, update and delete the rows of the table.',
  '42703': MIGRATE,
  '42P01': MIGRATE,
  '53100': 'Its disk is full.',
  '53300': 'It has too many connections; lower `max` of the pools, or raise `max_connections`.',
};

/**
 * Checks the app's own pool.
 *
 * @throws AuthError `invalid_config` with the field `pool`
 */
export function checkPool(pool: PostgresPool): void {
  const { query, connect, escapeIdentifier } = Object(pool) as Readonly<Record<string, unknown>>;
  if (typeof query === 'function' && typeof connect === 'function' && typeof escapeIdentifier !== 'function') return;
  const mistake = typeof pool === 'string' ? ', not its address; pass `new Pool({ connectionString })`' : typeof escapeIdentifier === 'function' ? '; it is a client, so pass a `Pool`' : `; its type is ${pool === null ? 'null' : typeof pool}`;
  throw invalidConfig('pool', `must be a \`Pool\` of \`pg\`${mistake}`);
}

/** Runs commands on any connection of the pool. */
export function queryOf(pool: PostgresPool, platform: Pick<Platform, 'setTimer'>): Query {
  async function runUntilCommitted(text: string, values: readonly unknown[]): Promise<readonly unknown[]> {
    for (let run = 1; ; run += 1) {
      try {
        return (await pool.query(text, [...values])).rows;
      } catch (error) {
        // With `default_transaction_isolation` above "read committed", Postgres rolls back a write that meets another one.
        if (run === MOST_RUNS || !['40001', '40P01'].includes(stateOf(error))) throw error;
      }
    }
  }
  return async (text, values) => {
    if (pool.ended) throw unreachable('The pool has ended. Keep it open as long as the sessions are used.');
    const rows = await withDeadline(platform, DEADLINE_MS, () => runUntilCommitted(text, values)).catch((error: unknown) => {
      throw unreachable(problemWith(error));
    });
    return rows as readonly Readonly<Record<string, unknown>>[];
  };
}

/** Takes a connection out of the pool that receives the keys of rows that have changed, until it is closed. */
export function listen(pool: PostgresPool, channel: string, onKey: (key: string) => void, onLost: () => void): KeyFeed {
  let isOver = false;
  let client: PostgresClient | null = null;
  const end = () => {
    isOver = true;
    client?.release(true); // It is closed, so that no other code gets a connection that listens.
    client = null;
  };
  const lose = () => {
    if (isOver) return;
    end();
    onLost();
  };
  async function open(): Promise<void> {
    client = await pool.connect();
    if (isOver) return end();
    client.on('error', lose);
    client.on('end', lose);
    client.on('notification', ({ payload }) => onKey(String(payload)));
    await client.query(`LISTEN "${channel}"`);
  }
  open().catch(lose);
  return { close: async () => end() };
}

function unreachable(problem: string): AuthError {
  return new AuthError('storage_unavailable', problem, { transient: true });
}

function problemWith(error: unknown): string {
  if (error instanceof DeadlineExceeded) return `Postgres has not answered within ${DEADLINE_MS} ms. ${MAY_BE_OFFLINE}`;
  const state = stateOf(error);
  if (state !== '') return `Postgres has refused a command (SQLSTATE ${state}). ${REFUSALS[state] ?? 'Read its log.'}`;
  return `Postgres could not be asked (${nameOf(error)}). ${MAY_BE_OFFLINE}`;
}

/** The SQLSTATE of an error of Postgres, or an empty text for another error. */
function stateOf(error: unknown): string {
  const { code } = Object(error) as { readonly code?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code) ? code : '';
}
