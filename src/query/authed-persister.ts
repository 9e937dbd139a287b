import type { AuthClient } from '../core/auth-client.ts';
import { platformOf } from '../core/inspector.ts';
import { isLost } from './cache-session.ts';

/** The members of TanStack's `Persister`, so that this package does not depend on the one that declares it. */
export interface CachePersister<TCache> {
  readonly persistClient: (cache: TCache) => void | PromiseLike<void>;
  readonly restoreClient: () => TCache | undefined | PromiseLike<TCache | undefined>;
  readonly removeClient: () => void | PromiseLike<void>;
}

/**
 * Wraps a persister so that a persisted cache belongs to one session, and is removed as soon as that session ends.
 *
 * If `holdCalls` has kept the cache, the persisted one is removed with the next change of the cache, or by the next page.
 *
 * A cache of another session is removed instead of restored. A page leaves one behind if it is closed before its last
 * throttled write. The cache itself must follow the session, by `AuthQueryProvider` or `bindQueryClient`.
 *
 * @param client the client whose session the cache belongs to
 * @param persister writes the cache and, beside it, the session's id, which is not a secret
 * @returns the persister to pass to TanStack; `restoreClient` waits until it is known whether a user is signed in
 * @throws AuthError `disposed` from `restoreClient`, if the client was disposed before that was known
 * @example
 * ```tsx
 * import { QueryClient } from '@tanstack/react-query';
 * import { PersistQueryClientProvider, type Persister } from '@tanstack/react-query-persist-client';
 * import { AuthProvider, createAuthClient } from 'unexpired';
 * import { bonfire } from 'unexpired/bonfire';
 * import { AuthQueryProvider, authedPersister } from 'unexpired/query';
 * declare const persister: Persister; // such as `createAsyncStoragePersister({ storage })`
 * const auth = createAuthClient({ protocol: bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' }) });
 * const persistOptions = { persister: authedPersister(auth, persister) };
 * const app = (
 *   <AuthProvider client={auth}>
 *     <PersistQueryClientProvider client={new QueryClient()} persistOptions={persistOptions}>
 *       <AuthQueryProvider>…</AuthQueryProvider>
 *     </PersistQueryClientProvider>
 *   </AuthProvider>
 * );
 * ```
 */
export function authedPersister<TCache extends object>(client: AuthClient, persister: CachePersister<TCache>): CachePersister<TCache> {
  let latest: TCache | null = null;
  let writing: Promise<void> | null = null;
  let writtenFor: string | null = null;
  let removal: Promise<void> | null = null;

  async function write(): Promise<void> {
    await Promise.resolve(); // While the cache is being cleared, it still has a part of the former user's data.
    writing = null;
    const { status, sessionId } = client.getSnapshot();
    if (status === 'loading') return;
    if (sessionId !== writtenFor) {
      writtenFor = sessionId;
      // The persister may throttle the next write, so the former session's cache is removed now.
      removal = Promise.resolve(persister.removeClient()).catch((error: unknown) => platformOf(client).report(error));
    }
    await removal;
    const cache = latest;
    if (cache === null || isLost(client) || client.getSnapshot().sessionId !== sessionId) return; // A later write has stored it, or will.
    latest = null;
    await persister.persistClient({ ...cache, sessionId });
  }

  return {
    persistClient(cache) {
      latest = cache;
      return (writing ??= write());
    },
    async restoreClient() {
      const { sessionId } = await client.ready();
      const cache = await persister.restoreClient();
      writtenFor = sessionId;
      if (cache && (cache as { readonly sessionId?: unknown }).sessionId !== client.getSnapshot().sessionId) return void (await persister.removeClient());
      return cache;
    },
    removeClient: () => persister.removeClient(),
  };
}
