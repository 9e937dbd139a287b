export { postgres, type PostgresOptions, type PostgresStore } from './server/postgres.ts';
export type { PostgresClient, PostgresPool } from './server/postgres-pool.ts';
export { postgresSchema } from './server/postgres-sql.ts';
export type { Lease, NewRow, NextRow, SessionEntry, SessionRow, SessionStore, Write } from './server/store.ts';
