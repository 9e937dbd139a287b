import { encrypted, fromLocalStorage, indexedDB, memory, sessionStorage } from 'unexpired/core';

/** The storages that a page can use, by the name in its address. */
export const STORAGES = { indexedDB, fromLocalStorage: () => fromLocalStorage(), sessionStorage, memory, encrypted: () => encrypted(indexedDB()) };

export type StorageName = keyof typeof STORAGES;
