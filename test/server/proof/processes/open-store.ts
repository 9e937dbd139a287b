import { Redis } from 'ioredis';
import pg from 'pg';
import { createClient } from 'redis';
import type { SessionStore } from 'unexpired/server';
import { postgres } from 'unexpired/server/postgres';
import { redis } from 'unexpired/server/redis';
import type { StoreAddress } from '../support/types.ts';

/** How soon a client connects again, ms. */
const RECONNECT_MS = 50;

/** How many connections each instance has to Postgres. */
const CONNECTIONS = 5;

/** A store, and the function that closes its client. */
export interface OpenedStore {
  readonly store: SessionStore;
  readonly close: () => Promise<void>;
}

/** Opens a store by a client of its own. */
export async function openStore({ kind, url }: StoreAddress): Promise<OpenedStore> {
  if (kind === 'ioredis') {
    const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => RECONNECT_MS }).on('error', () => undefined);
    return opened(redis(client), async () => client.disconnect());
  }
  if (kind === 'postgres') {
    const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS }).on('error', () => undefined);
    return opened(postgres(pool), () => pool.end());
  }
  const client = await createClient({ url, socket: { reconnectStrategy: RECONNECT_MS } }).on('error', () => undefined).connect();
  return opened(redis(client), async () => client.destroy());
}

function opened(store: SessionStore, closeClient: () => Promise<void>): OpenedStore {
  return { store, close: () => store.close().then(closeClient) };
}
