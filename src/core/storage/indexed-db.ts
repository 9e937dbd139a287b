import { promisifyRequest } from 'idb-keyval';
import { AuthError, invalidSetting } from '../model/auth-error.ts';
import type { AuthStorage } from './storage.ts';

const STORE = 'sessions';
const DEFAULT_NAME = 'unexpired';

/**
 * Keeps the session in IndexedDB. This is the default, because all tabs see its transactions in the same order.
 *
 * A lost connection (storage cleared, closed by the browser) is opened again. If IndexedDB is missing or blocked, every
 * operation rejects with the reason until it works again.
 *
 * @param databaseName names the database `unexpired-…`, so that it is never one of the app's own; default: `unexpired`. It is
 * opened at the first use
 * @throws AuthError `invalid_config` if the name is not a string
 * @example
 * ```ts
 * import { createAuthClient, indexedDB } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' });
 * const auth = createAuthClient({ protocol, storage: indexedDB('my-app') });
 * ```
 * @see Indexed Database API 3.0, section 2.7 (transactions)
 */
export function indexedDB(databaseName = DEFAULT_NAME): AuthStorage {
  if (typeof databaseName !== 'string' || databaseName === '') throw invalidSetting('databaseName', databaseName);
  let opened: Promise<IDBDatabase> | null = null;
  const connect = () => (opened ??= openDatabase(databaseName === DEFAULT_NAME ? databaseName : `${DEFAULT_NAME}-${databaseName}`));
  const begin = async (connection: Promise<IDBDatabase>, mode: IDBTransactionMode) => (await connection).transaction(STORE, mode).objectStore(STORE);

  /** Repeats a failed operation once on a new connection, because the old one may be dead without an error event. */
  async function inTransaction<T>(mode: IDBTransactionMode, run: (store: IDBObjectStore) => Promise<T>, mayRetry = () => true): Promise<T> {
    const used = connect();
    try {
      return await run(await begin(used, mode));
    } catch (error) {
      if (!mayRetry()) throw error;
      void used.then((database) => database.close(), () => undefined);
      if (opened === used) opened = null;
      return begin(connect(), mode).then(run).catch((error: unknown) => {
        throw error ?? new AuthError('storage_unavailable', 'the transaction was aborted'); // An abort may have no error.
      });
    }
  }

  return {
    name: 'indexedDB',
    read: (key) =>
      inTransaction('readonly', (store) => {
        const request = store.get(key);
        commit(store);
        return promisifyRequest<unknown>(request);
      }),
    update(key, change) {
      let isRefused = false; // By the change itself, so a new connection would not help.
      const apply = async (store: IDBObjectStore) => {
        const current: unknown = await promisifyRequest(store.get(key));
        isRefused = true;
        const next = change(current);
        isRefused = false;
        store.put(next, key);
        return promisifyRequest(commit(store));
      };
      return inTransaction('readwrite', apply, () => !isRefused);
    },
  };
}

/** Ends a transaction at once. By itself it would end some milliseconds later, and the next write would wait for that. */
function commit({ transaction }: IDBObjectStore): IDBTransaction {
  transaction.commit();
  return transaction;
}

/** Opens a database, and closes it if another page deletes or upgrades it. Creates the store if other code opened the database first. */
async function openDatabase(name: string, version?: number): Promise<IDBDatabase> {
  const { indexedDB } = globalThis; // Reading this throws if the browser blocks IndexedDB.
  if (!indexedDB) throw new AuthError('storage_unavailable', 'there is no IndexedDB here');
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  const database = await promisifyRequest(request);
  database.onversionchange = () => database.close();
  if (database.objectStoreNames.contains(STORE)) return database;
  database.close();
  return openDatabase(name, database.version + 1);
}
