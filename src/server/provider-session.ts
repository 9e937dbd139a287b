import { decodeClaims, type TokenSet } from '../core/model/token-set.ts';
import type { SessionStore } from './store.ts';

/**
 * Ends the keys of the entries below. An entry is a row of its own, so that each store can find it by `list`, and no store needs a second
 * index. No key of a session has a dot.
 */
const SUFFIX = '.sid';

/** The `etag` of all entries. They never change. */
const ETAG = 'sid';

/** Names the sessions of a session of the provider, as `list` finds them. */
const listName = (sid: string) => `sid:${sid}`;

/** Whether a key is that of a session, and not that of an entry. */
export function isSessionKey(key: string): boolean {
  return !key.endsWith(SUFFIX);
}

/**
 * Returns the session of the OpenID provider that tokens belong to: the member `sid` of `extra`, or the claim `sid` of a kept ID token.
 *
 * @returns `null` if the tokens name none
 * @see OpenID Connect Back-Channel Logout 1.0 section 2.1
 */
export function sidOf({ extra }: TokenSet): string | null {
  const sid = extra?.['sid'] ?? decodeClaims(extra?.['id_token'] as string)?.['sid'];
  return typeof sid === 'string' && sid !== '' ? sid : null;
}

/**
 * Adds the entry of a session, before its row: an entry without a row is harmless, and a row without one would miss a logout.
 *
 * @throws if the store fails
 */
export async function addEntry(store: SessionStore, key: string, sid: string, absoluteMs: number): Promise<void> {
  const entry = { text: '', etag: ETAG, subject: listName(sid), idleMs: absoluteMs, absoluteMs };
  await store.insert(key + SUFFIX, entry).catch(async (error: unknown) => {
    if (!(await store.read(key + SUFFIX, absoluteMs))) throw error; // A sign-in whose answer was lost is written once more.
  });
}

/** Removes the entry of a session that is over. If that fails, it stays until its end. */
export async function removeEntry(store: SessionStore, key: string): Promise<void> {
  await store.remove(key + SUFFIX, ETAG).catch(() => undefined);
}

/** Returns the keys of the sessions that belong to a session of the provider. Some may be over. */
export async function keysOf(store: SessionStore, sid: string): Promise<readonly string[]> {
  const entries = await store.list(listName(sid));
  return entries.flatMap(({ key }) => (isSessionKey(key) ? [] : [key.slice(0, -SUFFIX.length)]));
}
