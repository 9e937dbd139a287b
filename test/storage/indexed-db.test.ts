import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { createAuthClient, indexedDB as storageOf } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { createRedirectSignIn } from 'unexpired/redirect';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { browserWindow } from '../../src/redirect/sign-in-window.ts';
import { rejection } from '../support/setup.ts';

let connections: IDBDatabase[];
let closed: IDBDatabase[];

beforeEach(() => {
  vi.unstubAllGlobals();
  const factory = new IDBFactory();
  connections = [];
  closed = [];
  vi.stubGlobal('indexedDB', factory);
  const open = factory.open.bind(factory);
  vi.spyOn(factory, 'open').mockImplementation((...args: Parameters<typeof open>) => {
    const request = open(...args);
    request.addEventListener('success', () => watch(request.result));
    return request;
  });
});

function watch(connection: IDBDatabase): void {
  connections.push(connection);
  const close = connection.close.bind(connection);
  connection.close = () => {
    closed.push(connection);
    close();
  };
}

function requestDone(request: IDBOpenDBRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('blocked'));
  });
}

/** Makes the next two openings throw. */
const refuseOpening = (error: unknown) => vi.spyOn(globalThis.indexedDB, 'open').mockImplementationOnce(() => { throw error; }).mockImplementationOnce(() => { throw error; });

describe('indexedDB', () => {
  it('ends each transaction at once, so that the next write does not wait for it', async () => {
    const commit = vi.spyOn(IDBTransaction.prototype, 'commit');
    const storage = storageOf();
    await storage.read('a');
    expect(commit).toHaveBeenCalledTimes(1);
    await storage.update('a', () => 'text');
    expect(commit).toHaveBeenCalledTimes(2);
    expect(await storage.read('a')).toBe('text');
  });

  it('has one connection for a client and its sign-in by redirect', async () => {
    const issuer = 'https://id.example.com';
    const auth = createAuthClient({ protocol: oauth2({ tokenEndpoint: `${issuer}/token`, clientId: 'app', resourceOrigins: [issuer] }) });
    const go = vi.fn();
    const window = { ...browserWindow(), href: () => 'https://app.example.com/', go };
    const redirect = createRedirectSignIn(auth, { issuer, endpoints: { authorizationEndpoint: `${issuer}/authorize`, tokenEndpoint: `${issuer}/token` }, clientId: 'app', redirectUri: '/callback', window });
    await auth.ready();
    await redirect.start();
    expect([go.mock.calls.length, connections.length]).toEqual([1, 1]);
    auth.dispose();
  });

  it('uses one connection for concurrent operations', async () => {
    const storage = storageOf('app');
    await Promise.all(Array.from({ length: 20 }, (_, index) => storage.update('key', () => `text ${index}`)));
    await storage.read('key');
    expect([connections.length, closed.length]).toEqual([1, 0]);
  });

  it('opens a new connection after the browser has closed the old one', async () => {
    const storage = storageOf('app');
    await storage.update('key', () => 'kept');
    connections[0]!.close();
    connections[0]!.onclose?.(new Event('close'));
    expect(await storage.read('key')).toBe('kept');
    expect(connections).toHaveLength(2);
  });

  it('opens one new connection if the old one fails without a close event, and closes the old one', async () => {
    const storage = storageOf('app');
    await storage.update('key', () => 'kept');
    connections[0]!.transaction = () => {
      throw new DOMException('The database connection is closing.', 'InvalidStateError');
    };
    await Promise.all([storage.read('key'), storage.read('key'), storage.update('other', () => 'x')]);
    expect(await storage.read('key')).toBe('kept');
    expect(connections).toHaveLength(2);
    expect(new Set(closed)).toEqual(new Set([connections[0]]));
  });

  it('closes each connection that fails, so one is open after five failures', async () => {
    const storage = storageOf('app');
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('no room', 'QuotaExceededError');
    });
    await storage.read('key');
    for (let failure = 0; failure < 5; failure++) {
      expect(await rejection(storage.update('key', () => 'new'))).toMatchObject({ name: 'QuotaExceededError' });
    }
    full.mockRestore();
    await storage.update('key', () => 'new');
    expect(await storage.read('key')).toBe('new');
    expect(connections.length - new Set(closed).size).toBe(1);
  });

  it('rejects and keeps the old value if the transaction is aborted', async () => {
    const storage = storageOf('app');
    await storage.update('key', () => 'old');
    const put = IDBObjectStore.prototype.put;
    const aborting = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
      const request = put.apply(this, args);
      this.transaction.abort();
      return request;
    });
    expect(await rejection(storage.update('key', () => 'new'))).toBeInstanceOf(Error);
    aborting.mockRestore();
    expect(await storage.read('key')).toBe('old');
  });

  it('lets another page delete the database, and creates it again', async () => {
    const storage = storageOf('app');
    await storage.update('key', () => 'kept');
    await requestDone(globalThis.indexedDB.deleteDatabase('unexpired-app'));
    expect(await storage.read('key')).toBeUndefined();
    await storage.update('key', () => 'kept again');
    expect(await storage.read('key')).toBe('kept again');
  });

  it('lets another page upgrade the database, and continues with its data', async () => {
    const storage = storageOf('app');
    await storage.update('key', () => 'kept');
    const upgrade = globalThis.indexedDB.open('unexpired-app', 2);
    await requestDone(upgrade);
    upgrade.result.close();
    expect(await storage.read('key')).toBe('kept');
    await storage.update('key', () => 'changed');
    expect(await storage.read('key')).toBe('changed');
  });

  it('waits while another page blocks the database, and continues once it is free', async () => {
    await storageOf('app').update('key', () => 'kept');
    connections[0]!.onversionchange = null;
    const upgrade = globalThis.indexedDB.open('unexpired-app', 2);
    const done = new Promise<void>((resolve) => (upgrade.onsuccess = () => resolve()));
    await new Promise((resolve) => (upgrade.onblocked = resolve));
    let isRead = false;
    const read = storageOf('app').read('key').finally(() => (isRead = true));
    expect(isRead).toBe(false);
    connections[0]!.close();
    await done;
    upgrade.result.close();
    expect(await read).toBe('kept');
  });

  it.each([
    ['a SecurityError is thrown', new DOMException('The operation is insecure.', 'SecurityError')],
    ['private browsing refuses it', new DOMException('A mutation operation was attempted.', 'InvalidStateError')],
  ])('rejects if %s, and works again afterwards', async (_, error) => {
    const storage = storageOf('app');
    refuseOpening(error);
    expect(await rejection(storage.read('key'))).toBe(error);
    await storage.update('key', () => 'kept');
    expect(await storage.read('key')).toBe('kept');
  });

  it('rejects if opening ends in an error event, and works again afterwards', async () => {
    const storage = storageOf('app');
    const blocked = vi.spyOn(globalThis.indexedDB, 'open').mockImplementation(() => {
      const request = { error: new DOMException('Internal error.', 'UnknownError'), onerror: () => undefined };
      queueMicrotask(() => request.onerror());
      return request as unknown as IDBOpenDBRequest;
    });
    expect(await rejection(storage.update('key', () => 'x'))).toMatchObject({ name: 'UnknownError' });
    blocked.mockReset();
    blocked.mockRestore();
    await storage.update('key', () => 'kept');
    expect(await storage.read('key')).toBe('kept');
  });

  it('rejects with a message that says so if IndexedDB is missing', async () => {
    vi.stubGlobal('indexedDB', undefined);
    expect(await rejection(storageOf('app').read('key'))).toMatchObject({ code: 'storage_unavailable', message: 'there is no IndexedDB here' });
  });

  it('rejects with the SecurityError if reading the global throws', async () => {
    Object.defineProperty(globalThis, 'indexedDB', { configurable: true, get: () => { throw new DOMException('denied', 'SecurityError'); } });
    expect(await rejection(storageOf('app').update('key', () => 'x'))).toMatchObject({ name: 'SecurityError' });
    Object.defineProperty(globalThis, 'indexedDB', { configurable: true, writable: true, value: undefined });
  });

  it('keeps the session although the app has a database of the same name', async () => {
    const opening = globalThis.indexedDB.open('app');
    opening.onupgradeneeded = () => opening.result.createObjectStore('orders');
    await requestDone(opening);
    const storage = storageOf('app');
    await storage.update('key', () => 'kept');
    expect(await storage.read('key')).toBe('kept');
    expect([...opening.result.objectStoreNames]).toEqual(['orders']);
    expect((await globalThis.indexedDB.databases()).map(({ name }) => name)).toEqual(['app', 'unexpired-app']);
  });

  it('keeps the session in the database `unexpired` if it gets no name', async () => {
    await storageOf().update('key', () => 'kept');
    expect((await globalThis.indexedDB.databases()).map(({ name }) => name)).toEqual(['unexpired']);
  });

  it('creates its object store in a database that other code has opened first, for all tabs', async () => {
    const opening = globalThis.indexedDB.open('unexpired-app', 3);
    opening.onupgradeneeded = () => opening.result.createObjectStore('orders').put('an order', 1);
    await requestDone(opening);
    opening.result.close();
    const tabs = [storageOf('app'), storageOf('app')];
    await Promise.all(tabs.map((storage) => storage.update('key', (current) => `${String(current ?? '')}x`)));
    for (const storage of tabs) expect(await storage.read('key')).toBe('xx');
    expect([...connections.at(-1)!.objectStoreNames].sort()).toEqual(['orders', 'sessions']);
  });

  it('calls a change that throws only once, and keeps the connection open', async () => {
    const storage = storageOf('app');
    const change = vi.fn(() => { throw new Error('no'); });
    expect(await rejection(storage.update('key', change))).toMatchObject({ message: 'no' });
    expect(change).toHaveBeenCalledTimes(1);
    expect(closed).toEqual([]);
  });
});
