import { indexedDB } from './indexed-db.ts';
import { memory } from './memory.ts';
import type { AuthStorage } from './storage.ts';

/** Creates the default storage: IndexedDB, or memory if there is none. A server has none, and must not try again and again. */
export function defaultStorage(): AuthStorage {
  return typeof IDBFactory === 'undefined' ? memory() : indexedDB();
}
