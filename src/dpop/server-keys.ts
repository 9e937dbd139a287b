import { asObject } from '../core/model/json.ts';
import type { Keys, NamedKey } from './keys.ts';
import { makeKey, webCrypto } from './make-key.ts';
import { KEY_ALGORITHM, publicPartOf, thumbprintOf } from './proof.ts';

/** How many imported keys an instance keeps. Importing one takes less than a call. */
const MOST_KEYS = 1000;

/** Creates the keys of a server. A key is a JWK with its tokens, in the encrypted row of the session, so every instance can prove. */
export function createServerKeys(): Keys {
  const imported = new Map<string, NamedKey>();

  function keep(jkt: string, named: NamedKey): void {
    const [oldest] = imported.keys();
    if (imported.size >= MOST_KEYS && oldest !== undefined) imported.delete(oldest);
    imported.set(jkt, named);
  }

  return {
    async make() {
      const { key, pair } = await makeKey(true);
      const { d } = await webCrypto().subtle.exportKey('jwk', pair.privateKey);
      const named = { key, name: { dpop_jkt: key.jkt, dpop_key: { ...key.jwk, d } } };
      keep(key.jkt, named);
      return named;
    },
    async find(_platform, { dpop_jkt: jkt, dpop_key: key }) {
      const jwk = asObject(key);
      if (typeof jkt !== 'string' || !jwk) return null;
      const named = imported.get(jkt) ?? (await importKey(jkt, jwk));
      if (named && !imported.has(jkt)) keep(jkt, named);
      return named;
    },
  };
}

/** Resolves to `null` if the key is not the one that the tokens name. */
async function importKey(jkt: string, stored: JsonWebKey): Promise<NamedKey | null> {
  const crypto = webCrypto();
  const jwk = publicPartOf(stored);
  const privateKey = await crypto.subtle.importKey('jwk', { ...jwk, d: stored.d ?? '' }, KEY_ALGORITHM, false, ['sign']).catch(() => null);
  if (!privateKey || (await thumbprintOf(crypto, jwk)) !== jkt) return null;
  return { key: { jkt, privateKey, jwk }, name: { dpop_jkt: jkt, dpop_key: stored } };
}
