import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { indexedDB as storageOf } from 'unexpired/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { rejection } from '../support/scene.ts';

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

const refuseOpening = (error: unknown) => vi.spyOn(globalThis.indexedDB, 'open').mockImplementationOnce(() => { throw error; }).mockImplementationOnce(() => { throw error; });

describe('indexedDB', () => {
  it('uses one connection for all that is asked at once', async () => {
    const storage = storageOf('app');
    await Promise.all(Array.from({ length: 20 }, (_, index) => storage.update('key', () => `text ${index}`)));
    await storage.read('key');
    expect([connections.length, closed.length]).toEqual([1, 0]);
  });

  it('opens its connection anew after the browser has closed it', async () => {
    const storage = storageOf('app');
    await storage.update('key', () => 'kept');
    connections[0]!.close();
    connections[0]!.onclose?.(new Event('close'));
    expect(await storage.read('key')).toBe('kept');
    expect(connections).toHaveLength(2);
  });

  it('opens it anew once when the connection died in silence, and leaves no old one behind', async () => {
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

  it('closes every connection that failed, however often it fails', async () => {
    const storage = storageOf('app');
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('no room', 'QuotaExceededError');
    });
    await storage.read('key');
    for (let time = 0; time < 5; time++) {
      expect(await rejection(storage.update('key', () => 'new'))).toMatchObject({ message: expect.stringContaining('QuotaExceededError: no room') });
    }
    full.mockRestore();
    await storage.update('key', () => 'new');
    expect(await storage.read('key')).toBe('new');
    expect(connections.length - new Set(closed).size).toBe(1);
  });

  it('keeps the old value when the transaction is aborted, and rejects', async () => {
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

  it('gives way to a page that deletes the database, and makes it anew', async () => {
    const storage = storageOf('app');
    await storage.update('key', () => 'kept');
    await requestDone(globalThis.indexedDB.deleteDatabase('app'));
    expect(await storage.read('key')).toBeUndefined();
    await storage.update('key', () => 'kept again');
    expect(await storage.read('key')).toBe('kept again');
  });

  it('gives way to a page that upgrades the database, and goes on with what is in it', async () => {
    const storage = storageOf('app');
    await storage.update('key', () => 'kept');
    const upgrade = globalThis.indexedDB.open('app', 2);
    await requestDone(upgrade);
    upgrade.result.close();
    expect(await storage.read('key')).toBe('kept');
    await storage.update('key', () => 'changed');
    expect(await storage.read('key')).toBe('changed');
  });

  it('waits for a page that keeps the database to itself, and is served when it lets go', async () => {
    await storageOf('app').update('key', () => 'kept');
    connections[0]!.onversionchange = null;
    const upgrade = globalThis.indexedDB.open('app', 2);
    const done = new Promise<void>((resolve) => (upgrade.onsuccess = () => resolve()));
    await new Promise((resolve) => (upgrade.onblocked = resolve));
    let served = false;
    const read = storageOf('app').read('key').finally(() => (served = true));
    expect(served).toBe(false);
    connections[0]!.close();
    await done;
    upgrade.result.close();
    expect(await read).toBe('kept');
  });

  it.each([
    ['a SecurityError is thrown', new DOMException('The operation is insecure.', 'SecurityError')],
    ['private browsing refuses it', new DOMException('A mutation operation was attempted.', 'InvalidStateError')],
  ])('rejects when %s, and works when that is over', async (_, error) => {
    const storage = storageOf('app');
    refuseOpening(error);
    expect(await rejection(storage.read('key'))).toMatchObject({ message: `IndexedDB failed: ${String(error)}`, cause: error });
    await storage.update('key', () => 'kept');
    expect(await storage.read('key')).toBe('kept');
  });

  it('rejects when opening ends in an error event, and works when that is over', async () => {
    const storage = storageOf('app');
    const blocked = vi.spyOn(globalThis.indexedDB, 'open').mockImplementation(() => {
      const request = { error: new DOMException('Internal error.', 'UnknownError'), onerror: () => undefined };
      queueMicrotask(() => request.onerror());
      return request as unknown as IDBOpenDBRequest;
    });
    expect(await rejection(storage.update('key', () => 'x'))).toMatchObject({ message: expect.stringContaining('UnknownError: Internal error.') });
    blocked.mockReset();
    blocked.mockRestore();
    await storage.update('key', () => 'kept');
    expect(await storage.read('key')).toBe('kept');
  });

  it('says that there is none where there is none', async () => {
    vi.stubGlobal('indexedDB', undefined);
    expect(await rejection(storageOf('app').read('key'))).toMatchObject({ message: 'IndexedDB failed: Error: there is no IndexedDB here' });
  });

  it('says that it is blocked where even looking at it throws', async () => {
    Object.defineProperty(globalThis, 'indexedDB', { configurable: true, get: () => { throw new DOMException('denied', 'SecurityError'); } });
    expect(await rejection(storageOf('app').update('key', () => 'x'))).toMatchObject({ message: 'IndexedDB failed: SecurityError: denied' });
    Object.defineProperty(globalThis, 'indexedDB', { configurable: true, writable: true, value: undefined });
  });

  it('makes a change that throws once, and blames no connection for it', async () => {
    const storage = storageOf('app');
    const change = vi.fn(() => { throw new Error('no'); });
    expect(await rejection(storage.update('key', change))).toMatchObject({ message: 'no' });
    expect(change).toHaveBeenCalledTimes(1);
    expect(closed).toEqual([]);
  });
});
