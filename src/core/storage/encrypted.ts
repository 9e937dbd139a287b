import { openText, sealText } from './cipher.ts';
import { indexedDB } from './indexed-db.ts';
import { textOf } from './area-text.ts';
import type { AuthStorage } from './storage.ts';

const KEY = 'key';

/**
 * Encrypts what another storage keeps: AES-GCM with 256 bits, under a key that no script can export.
 *
 * It protects what is read or copied without the browser: dumps, backups, logs, a look at the values in storage. It
 * does not protect from script in the page (XSS), which can use the key as the page does, nor from a copy of the
 * whole browser profile, which has the key in it. An unencrypted record that is found is taken over, and encrypted at
 * the next write. What cannot be decrypted (its key is lost, somebody changed it) counts as damaged: the session ends
 * as `storage_corrupt`, and the next sign-in overwrites it. Where WebCrypto is missing (an insecure context) every
 * operation rejects, so that the session stays in memory and the snapshot says so.
 *
 * @param inner keeps the encrypted text
 * @param keys keeps the `CryptoKey`; a database of its own unless said otherwise
 * @example
 * ```ts
 * import { createAuthClient, encrypted, indexedDB } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' });
 * const auth = createAuthClient({ protocol, storage: encrypted(indexedDB()) });
 * ```
 * @see NIST SP 800-38D (AES-GCM); Web Cryptography API, section 14 (keys that are not extractable)
 */
export function encrypted(inner: AuthStorage, keys: AuthStorage = indexedDB('unexpired-keys')): AuthStorage {
  let tail: Promise<unknown> = Promise.resolve();

  /** The key is looked up each time: were it remembered, a tab would go on with one that all others have lost. */
  async function obtainKey(subtle: SubtleCrypto): Promise<CryptoKey> {
    const kept = (await keys.read(KEY)) as CryptoKey | undefined;
    if (kept) return kept;
    const fresh = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    await keys.update(KEY, (current) => current ?? fresh);
    return (await keys.read(KEY)) as CryptoKey;
  }

  async function read(subtle: SubtleCrypto, key: string): Promise<{ raw: unknown; value: unknown }> {
    const raw = await inner.read(key);
    return { raw, value: await openText(raw, key, () => obtainKey(subtle)) };
  }

  /** Encrypting takes a while: whoever comes in between is noticed, and the change is made anew on what they wrote. */
  async function update(key: string, change: (current: unknown) => unknown): Promise<void> {
    const subtle = webCrypto();
    for (let stored = false; !stored; ) {
      const { raw, value } = await read(subtle, key);
      const next = change(value);
      const sealed = next === value ? raw : await sealText(textOf(next), key, await obtainKey(subtle));
      await inner.update(key, (current) => {
        // What is no text is damaged, and comes as another object each time.
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
  if (!subtle) throw new Error('encryption needs WebCrypto, which browsers have in secure contexts alone (https, or localhost)');
  return subtle;
}
