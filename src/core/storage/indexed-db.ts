import { createStore, get, update, type UseStore } from 'idb-keyval';
import type { AuthStorage } from './storage.ts';

/**
 * Keeps the session in IndexedDB, the default: its transactions are what all tabs see in one order.
 *
 * @param databaseName the database to use; it is opened at the first use
 * @example
 * ```ts
 * import { createAuthClient, indexedDB } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' });
 * const auth = createAuthClient({ protocol, storage: indexedDB('my-app') });
 * ```
 * @see Indexed Database API 3.0, section 2.7 (transactions)
 */
export function indexedDB(databaseName = 'unexpired'): AuthStorage {
  let opened: UseStore | null = null;

  async function withStore<T>(run: (store: UseStore) => Promise<T>): Promise<T> {
    const store = (opened ??= createStore(databaseName, 'sessions'));
    try {
      return await run(store);
    } catch {
      // A connection can be lost (storage cleared, a database upgrade): it is opened anew, once.
      if (opened === store) opened = createStore(databaseName, 'sessions');
      return run(opened ?? store);
    }
  }

  return {
    name: 'indexedDB',
    read: (key) => withStore((store) => get(key, store)),
    update: (key, change) => withStore((store) => update(key, change, store)),
  };
}
