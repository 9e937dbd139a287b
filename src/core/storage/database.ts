import type { UseStore } from 'idb-keyval';

/** A connection to a database; once it is closed or lost, all that it is asked fails. */
export interface Database {
  readonly useStore: UseStore;
  /** Closes the connection as soon as all that is under way has ended. */
  readonly close: () => void;
}

/** Makes a connection that opens at its first use; unlike idb-keyval's own it gives way to a page that deletes or upgrades the database. */
export function createDatabase(databaseName: string, storeName: string): Database {
  let opened: Promise<IDBDatabase> | null = null;
  return {
    async useStore(mode, callback) {
      opened ??= openDatabase(databaseName, storeName);
      return callback((await opened).transaction(storeName, mode).objectStore(storeName));
    },
    close: () => void opened?.then((database) => database.close(), () => undefined),
  };
}

async function openDatabase(name: string, storeName: string): Promise<IDBDatabase> {
  const { indexedDB } = globalThis; // Reading it throws where the browser blocks it.
  if (!indexedDB) throw new Error('there is no IndexedDB here');
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = () => database.close();
      resolve(database);
    };
  });
}
