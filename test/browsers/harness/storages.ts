import { encrypted, indexedDB, localStorage, memory, sessionStorage } from 'unexpired/core';

/** The storages that a page can be told to use. */
export const STORAGES = { indexedDB, localStorage, sessionStorage, memory, encrypted: () => encrypted(indexedDB()) };

export type StorageName = keyof typeof STORAGES;
