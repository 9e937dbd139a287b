import { fromBase64Url, toBase64Url } from './base64url.ts';

const SEALED = /^v1\.([\w-]{16})\.([\w-]+)$/;

/** Encrypts a text as `v1.<iv>.<data>`, bound to the name of its key in storage. */
export async function sealText(crypto: Crypto, text: string, name: string, key: CryptoKey): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(settings(iv, name), key, new TextEncoder().encode(text));
  return `v1.${toBase64Url(iv)}.${toBase64Url(new Uint8Array(data))}`;
}

/** Decrypts the result of {@link sealText}. A value that is no such text or cannot be decrypted is returned unchanged. */
export async function openText(crypto: Crypto, raw: unknown, name: string, getKey: () => Promise<CryptoKey>): Promise<unknown> {
  const [, iv, data] = (typeof raw === 'string' && SEALED.exec(raw)) || [];
  if (iv === undefined || data === undefined) return raw;
  const key = await getKey(); // If the key cannot be read now, the text may still be intact, so the caller gets this error.
  try {
    const opened = await crypto.subtle.decrypt(settings(fromBase64Url(iv), name), key, fromBase64Url(data));
    return new TextDecoder().decode(opened);
  } catch {
    return raw; // The text is not a record, so it counts as damaged.
  }
}

function settings(iv: Uint8Array<ArrayBuffer>, name: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(name) };
}
