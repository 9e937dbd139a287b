import { browserPlatform } from '../core/platform/browser-platform.ts';
import { openStorage, type AuthStorage, type StorageOption } from '../core/storage/storage.ts';
import { checkFunction } from './option-check.ts';

/**
 * Checks that a storage adapter keeps the contract that sessions depend on. It runs in any test runner.
 *
 * It stores text under keys that start with `contract:`. It opens the storage twice. If both share their content, as tabs do,
 * it also checks that no update of one gets lost in the other.
 *
 * @param open opens the storage; called twice
 * @throws Error that names the part of the contract that is broken, TypeError if `open` is not a function
 * @see `AuthStorage`
 * @example
 * ```ts
 * import type { AuthStorage } from 'unexpired/core';
 * import { checkStorageContract } from 'unexpired/testing';
 *
 * // A native store with asynchronous calls in one process. A chain of promises makes each update atomic.
 * declare const native: { getItem(key: string): Promise<string | null>; setItem(key: string, text: string): Promise<void> };
 * let tail: Promise<unknown> = Promise.resolve();
 *
 * const nativeStorage: AuthStorage = {
 *   name: 'native',
 *   read: async (key) => (await native.getItem(key)) ?? undefined,
 *   update(key, change) {
 *     const done = tail.then(async () => {
 *       const current = (await native.getItem(key)) ?? undefined;
 *       const next = change(current);
 *       if (next !== current) await native.setItem(key, next as string);
 *     });
 *     tail = done.catch(() => undefined);
 *     return done;
 *   },
 * };
 *
 * await checkStorageContract(() => nativeStorage);
 * ```
 */
export async function checkStorageContract(open: () => StorageOption | Promise<StorageOption>): Promise<void> {
  checkFunction('open', open);
  const openOne = async () => openStorage(await open(), browserPlatform());
  const run = Math.random().toString(36).slice(2);
  const keyOf = (name: string) => `contract:${run}:${name}`;
  const [one, other] = [await openOne(), await openOne()];
  for (const [promise, isKept] of PROMISES) {
    const problem = await isKept(one, keyOf(promise), other).then((kept) => (kept ? null : 'the check failed'), String);
    if (problem !== null) throw new Error(`The storage "${one.name}" breaks the contract: ${promise} (${problem}).`);
  }
}

type Check = (storage: AuthStorage, key: string, other: AuthStorage) => Promise<boolean>;

const PROMISES: readonly (readonly [promise: string, isKept: Check])[] = [
  ['it has a name', async ({ name }) => typeof name === 'string' && name !== ''],
  ['a key that was never written reads as undefined', async (storage, key) => (await storage.read(key)) === undefined],
  ['a first update starts from undefined', startsFromUndefined],
  ['an update is stored', async (storage, key) => (await kept(storage, key, 'a text')) === 'a text'],
  ['long texts and all of Unicode are stored unchanged', async (storage, key) => (await kept(storage, key, LONG)) === LONG],
  ['each key has its own value', keepsKeysApart],
  ['a change that returns the current value keeps it', leavesTheSame],
  ['a change that returns undefined for an empty key keeps it empty', leavesNothing],
  ['a change that throws rejects the update with its error and keeps the old value', survivesThrow],
  ['100 updates at the same time are all applied', losesNone],
  ['a rejected update does not block the next one', goesOn],
  ['two open storages that share their content lose no update of each other', sharesInOrder],
];

const LONG = '\u{1F525} "ü\u0000\\ '.repeat(1000);

const addOne = (current: unknown) => String(Number(current ?? 0) + 1);

const changeThatThrows = () => {
  throw new Error('refused by the change');
};

async function kept(storage: AuthStorage, key: string, text: string): Promise<unknown> {
  await storage.update(key, () => text);
  return storage.read(key);
}

async function startsFromUndefined(storage: AuthStorage, key: string): Promise<boolean> {
  const seen: unknown[] = [];
  await storage.update(key, (current) => (seen.push(current), 'a text'));
  return seen.length > 0 && seen.every((current) => current === undefined);
}

async function keepsKeysApart(storage: AuthStorage, key: string): Promise<boolean> {
  await Promise.all(['a', 'b'].map((name) => storage.update(`${key}:${name}`, () => name)));
  return (await storage.read(`${key}:a`)) === 'a' && (await storage.read(`${key}:b`)) === 'b' && (await storage.read(key)) === undefined;
}

async function leavesTheSame(storage: AuthStorage, key: string): Promise<boolean> {
  await storage.update(key, () => 'a text');
  await storage.update(key, (current) => current);
  return (await storage.read(key)) === 'a text';
}

async function leavesNothing(storage: AuthStorage, key: string): Promise<boolean> {
  await storage.update(key, (current) => current);
  return (await storage.read(key)) === undefined;
}

async function survivesThrow(storage: AuthStorage, key: string): Promise<boolean> {
  await storage.update(key, () => 'old');
  const error = await rejectionOf(storage.update(key, changeThatThrows));
  return error?.message === 'refused by the change' && (await storage.read(key)) === 'old';
}

async function rejectionOf(promise: Promise<void>): Promise<Error | null> {
  return promise.then(() => null, (error: unknown) => error as Error);
}

async function losesNone(storage: AuthStorage, key: string): Promise<boolean> {
  await Promise.all(Array.from({ length: 100 }, () => storage.update(key, addOne)));
  return (await storage.read(key)) === '100';
}

async function goesOn(storage: AuthStorage, key: string): Promise<boolean> {
  const [refused] = await Promise.all([rejectionOf(storage.update(key, changeThatThrows)), storage.update(key, () => 'next')]);
  return refused !== null && (await storage.read(key)) === 'next';
}

async function sharesInOrder(storage: AuthStorage, key: string, other: AuthStorage): Promise<boolean> {
  await storage.update(key, () => '0');
  if ((await other.read(key)) === undefined) return true; // Each has its own content, such as a storage in memory.
  await Promise.all(Array.from({ length: 40 }, (_, turn) => (turn % 2 === 0 ? storage : other).update(key, addOne)));
  return (await storage.read(key)) === '40' && (await other.read(key)) === '40';
}
