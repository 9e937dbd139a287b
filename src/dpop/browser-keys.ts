import { AuthError } from '../core/model/auth-error.ts';
import { problemOf } from '../core/model/foreign-error.ts';
import type { ProofClient, ProofPlatform, ProofSession } from '../core/model/proofs.ts';
import type { SessionState } from '../core/model/session-state.ts';
import { withDeadline } from '../core/platform/deadline.ts';
import type { AuthStorage } from '../core/storage/storage.ts';
import { followedRing, ringIn, withKey } from './key-ring.ts';
import { jktOf, type Keys } from './keys.ts';
import { makeKey } from './make-key.ts';
import type { ProofKey } from './proof.ts';

const RING = 'keys';

/** How long a storage may take, ms. */
const STORAGE_MS = 5000;

/** The keys of a browser. No script can export them. */
export interface BrowserKeys extends Keys {
  /** Removes the key of each session of a client that is over. */
  readonly follow: (client: ProofClient, session: ProofSession) => void;
}

/** Creates the keys in a storage that can keep a `CryptoKey`. */
export function createBrowserKeys(storage: AuthStorage): BrowserKeys {
  const inMemory = new Map<string, Promise<ProofKey | null>>();
  let retired = '';

  async function keep(platform: ProofPlatform, key: ProofKey): Promise<void> {
    try {
      await withDeadline(platform, STORAGE_MS, () => storage.update(RING, (value) => withKey(ringIn(value), key, platform.now().wall)));
    } catch (error) {
      platform.warn(
        `unexpired: a key for DPoP is kept in the memory of this tab, because ${storage.name} failed: ${problemOf(error)}. `
        + 'After a reload, and in other tabs, its tokens cannot be used, so the user has to sign in again there.',
      );
    }
  }

  async function read(platform: ProofPlatform, jkt: string): Promise<ProofKey | null> {
    try {
      return ringIn(await withDeadline(platform, STORAGE_MS, () => storage.read(RING)))[jkt] ?? null;
    } catch (error) {
      throw new AuthError('storage_unavailable', `The key of the session cannot be read, because ${storage.name} failed: ${problemOf(error)}.`, { transient: true });
    }
  }

  /** Only a key that was found is remembered, because another tab may write it back. */
  function find(platform: ProofPlatform, jkt: string): Promise<ProofKey | null> {
    const known = inMemory.get(jkt);
    if (known) return known;
    const reading = read(platform, jkt);
    inMemory.set(jkt, reading);
    const forget = () => void (inMemory.get(jkt) === reading && inMemory.delete(jkt));
    reading.then((key) => key ?? forget(), forget);
    return reading;
  }

  /** A request may still need the key of the session that has just ended, such as the revocation at a sign-out. So the latest one stays in memory. */
  function retire(jkt: string): void {
    if (retired !== jkt) inMemory.delete(retired);
    retired = jkt;
  }

  function follow({ platform, key: client, disposed }: ProofClient, session: ProofSession): void {
    let last: Followed = { jkt: undefined, sessionId: undefined, revision: -1 };
    session.subscribe(() => {
      const state = session.getState();
      if (disposed.aborted || state.status === 'loading') return;
      const next = followedOf(state);
      const former = last.jkt !== next.jkt && isOver(last, state) ? last.jkt : undefined;
      const isChanged = next.revision !== last.revision && (next.jkt ?? former) !== undefined;
      last = next.jkt === undefined && former === undefined ? { ...last, revision: next.revision } : next;
      if (isChanged) void update(platform, client, next.jkt, former).catch(() => undefined);
    });
  }

  async function update(platform: ProofPlatform, client: string, current: string | undefined, former: string | undefined): Promise<void> {
    const own = (current !== undefined && (await inMemory.get(current)?.catch(() => null))) || null;
    if (former !== undefined) retire(former);
    await storage.update(RING, (value) => followedRing(ringIn(value), { client, current, former, own }, platform.now().wall));
  }

  return {
    async make(platform) {
      const { key } = await makeKey(false);
      inMemory.set(key.jkt, Promise.resolve(key));
      await keep(platform, key);
      return { key, name: { dpop_jkt: key.jkt } };
    },
    async find(platform, extra) {
      const jkt = jktOf({ extra });
      const key = jkt === undefined ? null : await find(platform, jkt);
      return key && { key, name: { dpop_jkt: jkt } };
    },
    follow,
  };
}

/** The session that a tab has seen last. */
interface Followed {
  readonly jkt: string | undefined;
  readonly sessionId: string | undefined;
  readonly revision: number;
}

function followedOf({ record: { session, revision } }: Exclude<SessionState, { readonly status: 'loading' }>): Followed {
  return { jkt: jktOf(session?.tokens), sessionId: session?.sessionId, revision };
}

/** Whether a key is no longer needed in any tab. A tab may be signed out while the session goes on in others; its record then names no session that has ended. */
function isOver({ jkt, sessionId }: Followed, { record }: Exclude<SessionState, { readonly status: 'loading' }>): boolean {
  if (jkt === undefined) return false;
  return record.status === 'signedOut' ? record.endedSessionId !== null : record.session.sessionId !== sessionId || jktOf(record.session.tokens) !== undefined;
}
