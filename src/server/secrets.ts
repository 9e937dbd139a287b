import { AuthError, invalidConfig } from '../core/model/auth-error.ts';
import { toBase64Url } from '../core/storage/base64url.ts';
import { openText, sealText } from '../core/storage/cipher.ts';

/** The shortest secret, characters. */
const MIN_LENGTH = 32;

/** A secret of one repeated word passes the length, but is guessed. */
const MIN_DIFFERENT = 8;

const VERSION = '1';

/** Encrypts and decrypts the rows of all sessions. */
export interface SecretRing {
  /** Encrypts a text with the first secret, bound to the key of its row. */
  readonly seal: (text: string, key: string) => Promise<string>;
  /**
   * Decrypts a text with the secret that encrypted it.
   *
   * @returns `null` if the text was changed, or belongs to another row
   * @throws AuthError `storage_unavailable` if this instance lacks the secret, or a newer version of the package wrote the text
   */
  readonly open: (sealed: string, key: string) => Promise<string | null>;
}

/**
 * Creates the ring. The first secret encrypts; each one decrypts, so secrets can be replaced while users stay signed in.
 *
 * The keys are derived by HKDF, so no secret is used as a key. A row names its secret by eight characters that reveal nothing about it.
 *
 * @throws AuthError `invalid_config` with the field `secrets`
 * @see RFC 5869 (HKDF); NIST SP 800-38D (AES-GCM)
 */
export function createSecretRing(crypto: Crypto, secrets: readonly string[], names: readonly string[]): SecretRing {
  check(secrets, names);
  let derived: Promise<readonly DerivedKey[]> | null = null;
  const keys = () => (derived ??= Promise.all(secrets.map((secret) => derive(crypto, secret))));

  return {
    async seal(text, key) {
      const [current] = await keys();
      return [VERSION, current!.id, await sealText(crypto, text, key, current!.key)].join('.');
    },
    async open(sealed, key) {
      const [, version, id, text] = /^(\d+)\.([\w-]{8})\.(.+)$/.exec(sealed) ?? [];
      if (version === undefined || id === undefined) return null;
      if (version !== VERSION) throw unreadable('a newer version of the package wrote it; deploy that version to all instances');
      const known = (await keys()).find((candidate) => candidate.id === id);
      if (!known) throw unreadable('no secret of this instance fits; add the secret that encrypted it to `secrets`');
      const opened = await openText(crypto, text, key, () => Promise.resolve(known.key));
      return opened === text ? null : String(opened);
    },
  };
}

interface DerivedKey {
  readonly id: string;
  readonly key: CryptoKey;
}

async function derive({ subtle }: Crypto, secret: string): Promise<DerivedKey> {
  const material = await subtle.importKey('raw', new TextEncoder().encode(secret), 'HKDF', false, ['deriveKey', 'deriveBits']);
  const settings = (use: string) => ({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode(`unexpired/server ${use}`) });
  const id = toBase64Url(new Uint8Array(await subtle.deriveBits(settings('id'), material, 48)));
  return { id, key: await subtle.deriveKey(settings('rows'), material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']) };
}

function check(secrets: readonly string[], names: readonly string[]): void {
  const refuse = (problem: string) => {
    throw invalidConfig('secrets', `must be a list of random texts of at least ${MIN_LENGTH} characters, the current one first, such as [process.env.SESSION_SECRET]; ${problem}`);
  };
  if (!Array.isArray(secrets)) return refuse('it is no list');
  if (secrets.length === 0) return refuse('there is none');
  for (const [index, secret] of secrets.entries()) {
    if (typeof secret !== 'string') refuse(`number ${index + 1} is no text`);
    if (secret.length < MIN_LENGTH) refuse(`number ${index + 1} has ${secret.length} characters`);
    if (new Set(secret).size < MIN_DIFFERENT) refuse(`number ${index + 1} repeats a few characters`);
    if (secrets.indexOf(secret) !== index) refuse(`number ${index + 1} is there twice`);
    if (names.some((name) => name.includes(secret))) refuse(`number ${index + 1} is also a name that others see, such as a client id, an address or the name of the cookie`);
  }
}

function unreadable(reason: string): AuthError {
  return new AuthError('storage_unavailable', `A session of the store cannot be read: ${reason}. It was left as it is.`);
}
