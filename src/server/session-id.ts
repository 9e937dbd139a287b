import { toBase64Url } from '../core/storage/base64url.ts';

/** 256 random bits as base64url. */
const SHAPE = /^[\w-]{43}$/;

/** Draws the id of a new session. Only its user's cookie has it. */
export function drawSessionId(crypto: Crypto): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}

/** Whether a text has the shape of an id. Any other text is not looked up. */
export function isSessionId(text: string): boolean {
  return SHAPE.test(text);
}

/** Returns the key of a session's row: the SHA-256 of its id. So a copy of the store contains no id that a cookie could carry. */
export async function keyOf({ subtle }: Crypto, id: string): Promise<string> {
  return toBase64Url(new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(id))));
}

/** Returns the public name of a session: 132 bits of its row's key, which is a hash. So no cookie and no key can be made of it. */
export function nameOf(key: string): string {
  return key.slice(0, 22);
}
