import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { indexedDB as inIndexedDB, type AuthStorage } from 'unexpired/core';
import { dpop } from 'unexpired/dpop';
import { createDpopServer, type DpopServer } from '../support/dpop-server.ts';

let server: DpopServer;
beforeEach(() => {
  server = createDpopServer();
});
afterEach(() => vi.restoreAllMocks());

const until = <T>(promise: Promise<T>) => server.world.until(promise);

/** The default database. Simulated time stands still while it works. */
function keysOf({ world: { working } }: DpopServer): AuthStorage {
  const inner = inIndexedDB('proof-keys');
  return { ...inner, read: (key) => working(inner.read(key)), update: (key, change) => working(inner.update(key, change)) };
}

/** Reads the keys in the default database. */
async function stored(): Promise<Readonly<Record<string, { readonly privateKey: CryptoKey }>>> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('unexpired-proof-keys');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error());
  });
  return new Promise((resolve) => {
    const request = database.transaction('sessions').objectStore('sessions').get('keys');
    request.onsuccess = () => {
      database.close();
      resolve((request.result ?? {}) as Readonly<Record<string, { readonly privateKey: CryptoKey }>>);
    };
  });
}

it('the keys of DPoP are in a database of their own, where another page finds them', async () => {
  const { auth } = server.open({}, { dpop: dpop({ keys: keysOf(server) }) });
  await server.signIn(auth);
  expect((await until(auth.fetch('/posts'))).status).toBe(200);
  const keys = await stored();
  expect(Object.values(keys).map(({ privateKey }) => privateKey.extractable)).toEqual([false]);
  auth.dispose();
  const { auth: again } = server.open({}, { dpop: dpop({ keys: keysOf(server) }) });
  expect((await until(again.fetch('/posts'))).status).toBe(200);
  await until(again.signOut());
  await vi.waitFor(async () => expect(await stored()).toEqual({}));
});
