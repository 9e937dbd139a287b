import type { AuthClient } from '../core/auth-client.ts';

/** A persister of TanStack, which this package need not depend on to wrap one. */
export interface CachePersister<TCache> {
  readonly persistClient: (cache: TCache) => void | PromiseLike<void>;
  readonly restoreClient: () => TCache | undefined | PromiseLike<TCache | undefined>;
  readonly removeClient: () => void | PromiseLike<void>;
}

/**
 * A persister that keeps a cache for one session, and forgets it as soon as that is over.
 *
 * What is restored belongs to the session that is there: a page that was closed before its last, throttled write leaves
 * nothing that another user could see. Needs the cache to follow the session (`AuthQueryProvider` or `bindQueryClient`).
 *
 * @param client whose session it is
 * @param persister writes the cache, and the session's id beside it, which is no secret
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
  let keptFor: string | null = null;
  let removal: Promise<void> | null = null;

  async function write(): Promise<void> {
    await Promise.resolve(); // While a cache is being emptied, half of it is still the former user's.
    writing = null;
    const { status, sessionId } = client.getSnapshot();
    if (status === 'loading') return;
    if (sessionId !== keptFor) {
      keptFor = sessionId;
      // A throttled write may be long in coming: what it will replace goes at once.
      removal = Promise.resolve(persister.removeClient()).catch(() => undefined);
    }
    await removal;
    const cache = latest;
    if (cache === null || client.getSnapshot().sessionId !== sessionId) return; // A later write has seen to it, or will.
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
      keptFor = sessionId;
      if (cache === undefined || sessionOf(cache) === client.getSnapshot().sessionId) return cache;
      await persister.removeClient();
      return undefined;
    },
    removeClient: () => persister.removeClient(),
  };
}

function sessionOf(cache: object): unknown {
  return 'sessionId' in cache ? cache.sessionId : undefined;
}
