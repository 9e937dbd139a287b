import { createHash } from 'node:crypto';
import { settleIn, type TabProcess } from '../../support/world/tab-process.ts';

/** Stands for WebCrypto in a simulated data centre. It encrypts at once, so that a world is fast and repeats exactly. */
export interface Vault {
  /** Creates the WebCrypto of an instance. Each operation is an await at which the instance can die. */
  readonly openFor: (instance: TabProcess, random: () => number) => Crypto;
  /** Returns the plain text of an encrypted row; `null` if this vault has not encrypted it. */
  readonly contentOf: (sealed: string) => string | null;
}

interface Sealed {
  readonly text: string;
  readonly secret: string;
  readonly name: string;
}

interface FakeKey {
  readonly secret: string;
}

type Bytes = Uint8Array<ArrayBuffer>;

const decode = (bytes: BufferSource) => new TextDecoder().decode(bytes);
const hashOf = (...parts: readonly string[]): Bytes => new Uint8Array(createHash('sha256').update(parts.join('\n')).digest());

/** Creates a vault. The cipher text is the number of an entry, so no plain text can shine through. */
export function createVault(): Vault {
  const entries: Sealed[] = [];

  function entryOf(data: BufferSource): Sealed {
    const entry = entries[Number(decode(data).replace('entry ', ''))];
    if (!entry) throw new Error('OperationError');
    return entry;
  }

  const nameOf = (settings: unknown) => decode((settings as AesGcmParams).additionalData!);
  const secretOf = (key: unknown) => (key as FakeKey).secret;

  const operations: Readonly<Record<string, (...args: never[]) => unknown>> = {
    digest: (_: unknown, data: BufferSource) => hashOf(decode(data)).buffer,
    importKey: (_: unknown, data: BufferSource): FakeKey => ({ secret: decode(data) }),
    deriveBits: (settings: HkdfParams, key: FakeKey, bits: number) => hashOf(secretOf(key), decode(settings.info)).slice(0, bits / 8).buffer,
    deriveKey: (_: unknown, key: FakeKey) => key,
    encrypt: (settings: unknown, key: FakeKey, data: BufferSource) => new TextEncoder().encode(`entry ${entries.push({ text: decode(data), secret: secretOf(key), name: nameOf(settings) }) - 1}`).buffer,
    decrypt(settings: unknown, key: FakeKey, data: BufferSource) {
      const { text, secret, name } = entryOf(data);
      if (secret !== secretOf(key) || name !== nameOf(settings)) throw new Error('OperationError');
      return new TextEncoder().encode(text).buffer;
    },
  };

  return {
    openFor(instance, random) {
      const run = (name: string, args: readonly unknown[]) => settleIn(instance, Promise.resolve().then(() => operations[name]!(...(args as never[]))));
      const subtle = Object.fromEntries(Object.keys(operations).map((name) => [name, (...args: readonly unknown[]) => run(name, args)]));
      const getRandomValues = (bytes: Bytes) => {
        bytes.forEach((_, index) => (bytes[index] = Math.floor(random() * 256)));
        return bytes;
      };
      return { subtle, getRandomValues } as unknown as Crypto;
    },
    contentOf(sealed) {
      const data = sealed.split('.').at(-1) ?? '';
      const [, number] = /^entry (\d+)$/.exec(Buffer.from(data, 'base64url').toString()) ?? [];
      return number === undefined ? null : (entries[Number(number)]?.text ?? null);
    },
  };
}
