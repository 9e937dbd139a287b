import 'fake-indexeddb/auto';
import { browserPlatform, encrypted, fromLocalStorage, indexedDB, memory, sessionStorage, type AuthStorage, type StorageOption } from 'unexpired/core';
import { checkStorageContract } from 'unexpired/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSetup, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

/** Checks a storage, and advances simulated time until the check is done. Encryption takes real time beside it. */
async function check(open: () => StorageOption): Promise<void> {
  let done = false;
  const checked = checkStorageContract(open).finally(() => (done = true));
  checked.catch(() => undefined);
  while (!done) await setup.world.advance(1);
  return checked;
}

const platformOf = (hasLocks = true) => setup.world.openTab({ hasLocks }).platform;

it('every storage has the name of the function that creates it, or of the storage behind it', () => {
  const storages = [memory(), indexedDB(), fromLocalStorage(), sessionStorage(), encrypted(indexedDB())];
  const opened = storages.map((storage) => (typeof storage === 'function' ? storage(browserPlatform()) : storage));
  expect(opened.map(({ name }) => name)).toEqual(['memory', 'indexedDB', 'indexedDB', 'sessionStorage', 'encrypted(indexedDB)']);
});

describe('the storage contract is kept by', () => {
  it.each<[string, () => () => StorageOption]>([
    ['memory', () => () => memory()],
    ['indexedDB in one tab or two', () => () => indexedDB('contract')],
    ['sessionStorage of two clients of one page', () => {
      const platform = platformOf();
      return () => sessionStorage()(platform);
    }],
    ['sessionStorage in two tabs without locks', () => () => sessionStorage()(platformOf(false))],
    ['encrypted indexedDB', () => () => encrypted(indexedDB('inner'), indexedDB('keys'))],
    ['encrypted memory', () => () => encrypted(memory(), memory())],
  ])('%s', async (_, prepare) => {
    await check(prepare());
  });
});

describe('checkStorageContract reports', () => {
  type Break = (working: AuthStorage) => Partial<AuthStorage>;
  const values = new Map<string, unknown>();
  const pause = () => Promise.resolve();

  it.each<[string, RegExp, Break]>([
    ['a missing name', /it has a name/, () => ({ name: '' })],
    ['null for an absent key', /never written reads as undefined/, ({ read }) => ({ read: async (key) => (await read(key)) ?? null })],
    ['a change that starts from an empty text', /starts from undefined/, ({ update }) => ({ update: (key, change) => update(key, (current) => change(current ?? '')) })],
    ['writes that are not stored', /an update is stored/, () => ({ update: async (_, change) => void change(undefined) })],
    ['long texts that are truncated', /long texts/, ({ read }) => ({ read: async (key) => ((await read(key)) as string | undefined)?.slice(0, 1000) })],
    ['one value for all keys', /each key has its own value/, ({ update }) => ({ read: async (key) => values.get(key.slice(0, -2)) ?? values.get(key), update: (key, change) => update(key.slice(0, -2), change) })],
    ['a value that is lost when a change returns it unchanged', /returns the current value keeps it/, ({ read, update }) => ({ update: async (key, change) => { const old = await read(key); await update(key, (current) => { const next = change(current); return next === old ? undefined : next; }); } })],
    ['undefined stored as text', /keeps it empty/, ({ update }) => ({ update: (key, change) => update(key, (current) => String(change(current))) })],
    ['an error that is swallowed', /a change that throws/, ({ update }) => ({ update: (key, change) => update(key, change).catch(() => undefined) })],
    ['a read and a write that are not atomic', /100 updates at the same time/, ({ read }) => ({ update: async (key, change) => { const next = change(await read(key)); await pause(); values.set(key, next); } })],
  ])('%s', async (_, message, breakStorage) => {
    values.clear();
    const working: AuthStorage = {
      name: 'working',
      read: async (key) => values.get(key),
      update: async (key, change) => void values.set(key, change(values.get(key))),
    };
    await checkStorageContract(() => working);
    const storage = { ...working, ...breakStorage(working) };
    expect(await rejection(checkStorageContract(() => storage))).toMatchObject({ message: expect.stringMatching(message) });
  });

  it('a queue that a rejected update blocks', async () => {
    let tail: Promise<unknown> = Promise.resolve();
    const shared = new Map<string, unknown>();
    const blocked: AuthStorage = {
      name: 'blocked',
      read: async (key) => shared.get(key),
      update: (key, change) => {
        const done = tail.then(() => void shared.set(key, change(shared.get(key))));
        tail = key.includes('block the next') ? done : done.catch(() => undefined);
        return done;
      },
    };
    expect(await rejection(checkStorageContract(() => blocked))).toMatchObject({ message: expect.stringMatching(/block the next one/) });
  });

  it('two handles that are atomic only by themselves', async () => {
    const shared = new Map<string, unknown>();
    const openHandle = (): AuthStorage => {
      let tail: Promise<unknown> = Promise.resolve();
      const step = async (key: string, change: (current: unknown) => unknown) => {
        const next = change(shared.get(key));
        await pause();
        shared.set(key, next);
      };
      return {
        name: 'handle',
        read: async (key) => shared.get(key),
        update: (key, change) => {
          const done = tail.then(() => step(key, change));
          tail = done.catch(() => undefined);
          return done;
        },
      };
    };
    expect(await rejection(checkStorageContract(openHandle))).toMatchObject({ message: expect.stringMatching(/two open storages/) });
  });
});
