import { AuthError } from '../model/auth-error.ts';
import { openText, sealText } from './cipher.ts';
import { indexedDB } from './indexed-db.ts';
import { textOf } from './area-text.ts';
import type { Platform } from '../platform/platform.ts';
import { openStorage, type AuthStorage, type StorageOption } from './storage.ts';

const KEY = 'key';

/**
 * Encrypts the session in another storage: AES-GCM with 256 bits, with a key that no script can export.
 *
 * It protects values that are read or copied without the browser: dumps, backups, logs. It does not protect against
 * script in the page (XSS), which can use the key. It does not protect against a copy of the whole browser profile
 * either, which contains the key. An unencrypted record is adopted and encrypted at the next write. A value that cannot be decrypted (lost key,
 * changed text) counts as damaged: the session ends with `storage_corrupt`, and the next sign-in overwrites the value.
 * Without WebCrypto (an insecure context) every operation rejects, so the session stays in memory and the snapshot
 * shows that.
 *
 * @param inner keeps the encrypted text
 * @param keys keeps the `CryptoKey`; default: a separate IndexedDB database
 * @example
 * ```ts
 * import { createAuthClient, encrypted, indexedDB } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' });
 * const auth = createAuthClient({ protocol, storage: encrypted(indexedDB()) });
 * ```
 * @see NIST SP 800-38D (AES-GCM); Web Cryptography API, section 14 (keys that are not extractable)
 */
export function encrypted(inner: StorageOption, keys: StorageOption = indexedDB('keys')): (platform: Platform) => AuthStorage {
  return (platform) => encryptedStorage(openStorage(inner, platform), openStorage(keys, platform));
}

function encryptedStorage(inner: AuthStorage, keys: AuthStorage): AuthStorage {
  let tail: Promise<unknown> = Promise.resolve();

  /** Reads the key each time, because a cached key could outlive the stored key that all tabs share. */
  async function obtainKey(subtle: SubtleCrypto): Promise<CryptoKey> {
    const kept = (await keys.read(KEY)) as CryptoKey | undefined;
    if (kept) return kept;
    const fresh = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    await keys.update(KEY, (current) => current ?? fresh);
    return (await keys.read(KEY)) as CryptoKey;
  }

  async function read(subtle: SubtleCrypto, key: string): Promise<{ raw: unknown; value: unknown }> {
    const raw = await inner.read(key);
    return { raw, value: await openText(globalThis.crypto, raw, key, () => obtainKey(subtle)) };
  }

  /** Encrypting takes time. If another tab writes meanwhile, the change is applied again to what it wrote. */
  async function update(key: string, change: (current: unknown) => unknown): Promise<void> {
    const subtle = webCrypto();
    for (let stored = false; !stored; ) {
      const { raw, value } = await read(subtle, key);
      const next = change(value);
      const sealed = next === value ? raw : await sealText(globalThis.crypto, textOf(next), key, await obtainKey(subtle));
      await inner.update(key, (current) => {
        // A value that is not text is damaged, and is another object at each read.
        stored = current === raw || (typeof current === 'object' && typeof raw === 'object');
        return stored && next !== value ? sealed : current;
      });
    }
  }

  return {
    name: `encrypted(${inner.name})`,
    read: async (key) => (await read(webCrypto(), key)).value,
    update(key, change) {
      const result = tail.then(() => update(key, change));
      tail = result.catch(() => undefined);
      return result;
    },
  };
}

function webCrypto(): SubtleCrypto {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (!subtle) throw new AuthError('storage_unavailable', 'encryption needs WebCrypto, which browsers offer in secure contexts only (https, or localhost)');
  return subtle;
}
