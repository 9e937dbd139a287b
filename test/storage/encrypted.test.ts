import 'fake-indexeddb/auto';
import { browserPlatform, encrypted as encryptedOn, indexedDB, memory, type AuthStorage } from 'unexpired/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { BASE_URL, createSetup, LIFETIME_MS, rejection, type Setup } from '../support/setup.ts';

const KEY = `unexpired:${BASE_URL}`;
const encrypted = (inner: AuthStorage, keys?: AuthStorage) => encryptedOn(inner, keys)(browserPlatform());
let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});
afterEach(() => vi.unstubAllGlobals());

/** Adds one to a number that is stored as text. */
const addOne = (current: unknown) => String(Number(current ?? 0) + 1);

describe('encrypted storage', () => {
  // claim: encrypted-storage-is-unreadable
  it('stores no readable token, and keeps the session over a reload', async () => {
    const [inner, keys] = [memory(), memory()];
    const { auth } = setup.open({ storage: encrypted(inner, keys) });
    const tokens = await auth.signIn({ accessToken: 'an-access-token-of-a-kind', refreshToken: 'a-refresh-token', expiresAt: setup.world.now() + LIFETIME_MS, scopes: [] });
    const dump = String(await inner.read(KEY));
    expect(dump).toMatch(/^v1\.[\w-]{16}\.[\w-]+$/);
    for (const part of [tokens.accessToken, tokens.refreshToken!, 'signedIn', 'token']) expect(dump).not.toContain(part);
    auth.dispose();

    const again = setup.open({ storage: encrypted(inner, keys) }).auth;
    again.subscribe(() => undefined);
    await eventually(() => expect(again.getSnapshot().tokens?.accessToken).toBe('an-access-token-of-a-kind'));
  });

  it('encrypts the same text differently each time', async () => {
    const inner = memory();
    const storage = encrypted(inner, memory());
    const seen = new Set<unknown>();
    for (const text of ['one', 'two', 'one', 'two']) {
      await storage.update('key', () => text);
      seen.add(await inner.read('key'));
    }
    expect(seen.size).toBe(4);
  });

  // claim: changed-ciphertext-rejected
  it.each([
    ['its key is lost', async (inner: AuthStorage) => encrypted(inner, memory())],
    ['it was changed', async (inner: AuthStorage, keys: AuthStorage) => {
      await inner.update(KEY, (text) => String(text).slice(0, -8) + 'AAAAAAAA');
      return encrypted(inner, keys);
    }],
    ['it was truncated', async (inner: AuthStorage, keys: AuthStorage) => {
      await inner.update(KEY, (text) => String(text).slice(0, 30));
      return encrypted(inner, keys);
    }],
    ['it is an object of other code', async (inner: AuthStorage, keys: AuthStorage) => {
      await inner.update(KEY, () => ({ hello: 'world' }));
      return encrypted({ ...inner, read: async (key) => structuredClone(await inner.read(key)) }, keys);
    }],
  ])('reports a corrupt record if %s, and the next sign-in overwrites it', async (_, openDamaged) => {
    const [inner, keys] = [memory(), memory()];
    await encrypted(inner, keys).update(KEY, () => '{"version":1}');
    const storage = await openDamaged(inner, keys);
    const { auth, tab } = setup.open({ storage });
    auth.subscribe(() => undefined);
    await eventually(() => expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'storage_corrupt' }));

    await auth.signIn({ accessToken: 'new', expiresAt: setup.world.now() + LIFETIME_MS, scopes: [] });
    expect(auth.getSnapshot().storage).toBe('encrypted(memory)');
    expect(String(await storage.read(KEY))).toContain('"new"');
    expect(tab.warnings).toEqual([]);
  });

  // claim: moved-ciphertext-rejected
  it('does not decrypt a value that was encrypted for another key', async () => {
    const inner = memory();
    const storage = encrypted(inner, memory());
    await storage.update('theirs', () => 'a text');
    const theirs = await inner.read('theirs');
    await inner.update('ours', () => theirs);
    expect(await storage.read('ours')).toBe(theirs);
  });

  it('reads a record that was not encrypted, and encrypts it at the next change', async () => {
    const inner = memory();
    await inner.update('key', () => 'a plain text');
    const storage = encrypted(inner, memory());
    expect(await storage.read('key')).toBe('a plain text');
    await storage.update('key', (current) => current);
    expect(await inner.read('key')).toBe('a plain text');
    await storage.update('key', (current) => `${String(current)}, changed`);
    expect(await inner.read('key')).toMatch(/^v1\./);
    expect(await storage.read('key')).toBe('a plain text, changed');
  });

  it('repeats a change if another tab wrote in between, so no update is lost', async () => {
    const [inner, keys] = [memory(), memory()];
    const tabs = [1, 2, 3].map(() => encrypted(inner, keys));
    await Promise.all(tabs.flatMap((tab) => Array.from({ length: 10 }, () => tab.update('count', addOne))));
    expect(await tabs[0]!.read('count')).toBe('30');
  });

  it('repeats a change that returned a stale value unchanged', async () => {
    const [inner, keys] = [memory(), memory()];
    const storage = encrypted(inner, keys);
    await storage.update('key', () => 'old');
    const stale = await inner.read('key');
    await storage.update('key', () => 'new');
    let reads = 0;
    const late = encrypted({ ...inner, read: (key) => (reads++ === 0 ? Promise.resolve(stale) : inner.read(key)) }, keys);
    const seen: unknown[] = [];
    await late.update('key', (current) => (seen.push(current), current));
    expect(seen).toEqual(['old', 'new']);
  });
});

describe('the encryption key', () => {
  // claim: encryption-key-not-exportable
  it('is the same in five tabs that create it at once, and cannot be exported', async () => {
    const inner = memory();
    const database = `keys-${Math.random()}`;
    const tabs = Array.from({ length: 5 }, () => encrypted(inner, indexedDB(database)));
    await Promise.all(tabs.map((tab, index) => tab.update(`key ${index}`, () => `text ${index}`)));
    for (const tab of tabs) expect(await Promise.all(tabs.map((_, index) => tab.read(`key ${index}`)))).toEqual(tabs.map((_, index) => `text ${index}`));
    const key = (await indexedDB(database).read('key')) as CryptoKey;
    expect(key).toMatchObject({ extractable: false, algorithm: { name: 'AES-GCM', length: 256 } });
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  });

  it('is not created before the first write', async () => {
    const keys = memory();
    expect(await encrypted(memory(), keys).read('key')).toBeUndefined();
    expect(await keys.read('key')).toBeUndefined();
  });

  it('makes reads and writes fail while it is unavailable, and the record stays intact', async () => {
    const [inner, keys] = [memory(), memory()];
    await encrypted(inner, keys).update('key', () => 'kept');
    let blocked = true;
    const storage = encrypted(inner, { ...keys, read: (key) => (blocked ? Promise.reject(new Error('blocked')) : keys.read(key)) });
    await expect(storage.read('key')).rejects.toThrow('blocked');
    await expect(storage.update('key', () => 'new')).rejects.toThrow('blocked');
    blocked = false;
    expect(await storage.read('key')).toBe('kept');
  });
});

describe('encrypted storage without WebCrypto', () => {
  beforeEach(() => vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) }));

  it('keeps the session in memory, shows that in the snapshot and warns once', async () => {
    const inner = memory();
    const { auth, tab } = setup.open({ storage: encrypted(inner, memory()) });
    await setup.world.until(auth.signIn({ accessToken: 'token', expiresAt: setup.world.now() + LIFETIME_MS, scopes: [] }));
    await setup.world.advance(LIFETIME_MS / 2);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', storage: 'memory' });
    expect(tab.warnings).toEqual([expect.stringMatching(/encrypted\(memory\) failed: .*https/)]);
    expect(await inner.read(KEY)).toBeUndefined();
  });

  it('rejects every operation with a message that names WebCrypto', async () => {
    const storage = encrypted(memory(), memory());
    expect(await rejection(storage.read('key'))).toMatchObject({ message: expect.stringContaining('WebCrypto') });
    expect(await rejection(storage.update('key', () => 'x'))).toMatchObject({ message: expect.stringContaining('WebCrypto') });
  });
});
