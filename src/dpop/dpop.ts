import { invalidConfig } from '../core/model/auth-error.ts';
import { asObject, parseObject } from '../core/model/json.ts';
import type { Answer } from '../core/model/answer.ts';
import type { Proofs } from '../core/model/proofs.ts';
import type { TokenSet } from '../core/model/token-set.ts';
import { indexedDB } from '../core/storage/indexed-db.ts';
import type { AuthStorage } from '../core/storage/storage.ts';
import { createBrowserKeys } from './browser-keys.ts';
import type { Keys } from './keys.ts';
import { createSenders, KEY_HEADER } from './sender.ts';
import { createServerKeys } from './server-keys.ts';

/** The options of `dpop`. */
export interface DpopOptions {
  /** Keeps the keys. It must be able to keep a `CryptoKey`, as IndexedDB is. Default: an IndexedDB database of its own. */
  readonly keys?: AuthStorage | undefined;
}

/**
 * Binds the tokens of a session to a key that no script can export (DPoP).
 *
 * Each session gets a key at its sign-in, which is removed when the session ends. All tabs share it. Each request carries a proof that is
 * signed with the key, so tokens that were copied are of no use elsewhere. A script in the page (XSS) can still use the key while the page is open.
 *
 * A server that answers `token_type: Bearer` gets bearer calls. A session that was stored without a key gets one at its next refresh.
 *
 * @param options see {@link DpopOptions}
 * @throws AuthError `invalid_config` with the field `keys`
 * @see RFC 9449
 * @example
 * ```ts
 * import { createAuthClient } from 'unexpired/core';
 * import { dpop } from 'unexpired/dpop';
 * import { oauth2 } from 'unexpired/oauth2';
 * const protocol = oauth2({
 *   tokenEndpoint: 'https://id.example.com/oauth/token',
 *   clientId: 'my-app',
 *   resourceOrigins: ['https://api.example.com'],
 *   dpop: dpop(),
 * });
 * const auth = createAuthClient({ protocol });
 * ```
 */
export function dpop({ keys: storage = indexedDB('proof-keys') }: DpopOptions = {}): Proofs {
  if (typeof storage?.update !== 'function') throw invalidConfig('keys', 'must be a storage that can keep a `CryptoKey`, such as `indexedDB("my-keys")`');
  const keys = createBrowserKeys(storage);
  const onServer = proofsWith(createServerKeys());
  return { ...proofsWith(keys), follow: keys.follow, onServer };
}

function proofsWith(keys: Keys): Proofs {
  const proofs: Proofs = {
    on: createSenders(keys),
    reader: readerOf,
    follow: () => undefined, // A server removes the key with the row of the session.
    newKey: async (platform) => (await keys.make(platform)).key.jkt,
    get onServer() {
      return proofs;
    },
  };
  return proofs;
}

/** Returns a reader whose tokens name their key. A protocol then reads a bound access token as it reads any other. */
function readerOf<T>(read: (answer: Answer) => T): (answer: Answer) => T {
  return (answer) => {
    const name = parseObject(answer.header(KEY_HEADER) ?? '');
    if (!name) return read(answer);
    if (name['dpop_jkt'] === undefined) return { kind: 'final', reason: 'key_lost' } as T;
    const body = parseObject(answer.body);
    const isBound = /^dpop$/i.test(`${body?.['token_type']}`);
    const outcome = read(isBound ? { ...answer, body: JSON.stringify({ ...body, token_type: 'Bearer' }) } : answer);
    const { kind, tokens } = Object(outcome) as { readonly kind?: unknown; readonly tokens?: TokenSet | Readonly<Record<string, TokenSet>> };
    if (kind !== 'granted' || !asObject(tokens)) return outcome;
    const named = (set: TokenSet): TokenSet => ({ ...set, extra: { ...set.extra, ...name, token_type: isBound ? 'DPoP' : 'Bearer' } });
    const all = isTokenSet(tokens) ? named(tokens) : Object.fromEntries(Object.entries(tokens ?? {}).map(([subject, set]) => [subject, named(set)]));
    return { ...outcome, tokens: all };
  };
}

function isTokenSet(tokens: unknown): tokens is TokenSet {
  return typeof Object(tokens).accessToken === 'string';
}
