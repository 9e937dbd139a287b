import { AuthError } from '../core/model/auth-error.ts';
import { createSessionClient, type Engine, type SessionClient, type WaitUntil } from './session-client.ts';

/** The sessions that this instance is using now. */
export interface SessionClients {
  /**
   * Reads a session from the store.
   *
   * @param isActivity whether the request is activity of the user
   * @throws AuthError `storage_unavailable`
   */
  readonly load: (key: string, waitUntil: WaitUntil | undefined, isActivity: boolean) => Promise<SessionClient>;
  /** Reads a session as `load` does, and neither lets it live longer nor refreshes it. It throws as `load`. */
  readonly look: (key: string) => Promise<SessionClient>;
  readonly add: (client: SessionClient) => void;
  /** Resolves when no refresh of this instance is running. */
  readonly whenQuiet: () => Promise<void>;
  /** Ends everything that waits. After that, no session can be loaded or added. */
  readonly dispose: () => void;
}

/** A session that an instance may use for a while without the store. */
interface Recent {
  readonly client: SessionClient;
  /** When it was read, by the monotonic clock, ms. */
  readonly readAt: number;
}

/**
 * Creates the list of sessions. Requests of one session that run at the same time share its client, and so its refresh. A
 * session that no request uses is held weakly, so an instance needs no memory for it.
 *
 * @param staleMs how long a session may be used after the last read while the store fails, ms
 */
export function createClients(engine: Engine, staleMs: number): SessionClients {
  const { platform } = engine.shared;
  const used = new Map<string, WeakRef<SessionClient>>();
  const recent = new Map<string, Recent>();
  let sweepAt = 1000;
  let isDisposed = false;

  function throwIfClosed(): void {
    if (isDisposed) throw new AuthError('disposed', 'These sessions are closed; create others.');
  }

  function add(client: SessionClient): void {
    throwIfClosed();
    used.set(client.key, new WeakRef(client));
    if (used.size < sweepAt) return;
    for (const [key, reference] of used) if (!reference.deref()) used.delete(key);
    sweepAt = 2 * used.size + 1000;
  }

  function obtain(key: string): SessionClient {
    const known = used.get(key)?.deref();
    if (known) return known;
    const client = createSessionClient(engine, key, false);
    add(client);
    return client;
  }

  /** Takes note of a read. The map is in the order of reads, so the oldest ones come first. */
  function noteRead(client: SessionClient): void {
    if (staleMs === 0) return;
    const readAt = platform.now().monotonic;
    recent.delete(client.key);
    recent.set(client.key, { client, readAt });
    for (const [key, entry] of recent) {
      if (readAt - entry.readAt <= staleMs) return;
      recent.delete(key);
    }
  }

  function mayGoOn(client: SessionClient): boolean {
    const entry = recent.get(client.key);
    return entry?.client === client && platform.now().monotonic - entry.readAt <= staleMs;
  }

  return {
    add,
    async load(key, waitUntil, isActivity) {
      throwIfClosed();
      const client = obtain(key);
      if (waitUntil) client.keepAlive(waitUntil);
      try {
        await client.load(isActivity);
        noteRead(client);
      } catch (error) {
        if (!mayGoOn(client) || client.limit.isOver()) throw error;
      }
      return readable(client);
    },
    async look(key) {
      throwIfClosed();
      const client = obtain(key);
      await client.look();
      return readable(client);
    },
    async whenQuiet() {
      await Promise.all([...engine.busy].map((client) => client.whenQuiet()));
    },
    dispose() {
      isDisposed = true;
      for (const reference of used.values()) reference.deref()?.dispose();
    },
  };
}

function readable(client: SessionClient): SessionClient {
  if (client.store.getSnapshot().endReason !== 'newer_version') return client;
  throw new AuthError('storage_unavailable', 'A newer version of the package wrote this session; deploy that version to all instances. The session was left as it is.', { transient: true });
}
