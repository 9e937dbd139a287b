import type { Query, QueryClient } from '@tanstack/react-query';
import type { AuthClient } from '../core/auth-client.ts';
import { holdOf } from '../core/inspector.ts';
import { AuthError, type AuthErrorCode } from '../core/model/auth-error.ts';
import type { Release } from '../core/platform/platform.ts';
import { historyOf, type CacheHistory } from './cache-history.ts';
import { cacheSessionOf, type CacheSession } from './cache-session.ts';
import { clearCache } from './clear-cache.ts';
import { restartFetch } from './tanstack-internals.ts';

/** The errors of a query that a new access token can resolve. */
const RESOLVED_BY_TOKEN: readonly AuthErrorCode[] = ['signed_out', 'session_ended', 'session_changed', 'refresh_unavailable', 'misconfigured'];

/** Keeps a query cache in step with the session. */
export interface SessionBinding {
  /** Changes only after the cache is cleared, so a component that reads a new session never finds the former user's data. */
  readonly getSession: () => CacheSession;
  /** Follows the session while there is at least one listener. */
  readonly subscribe: (listener: () => void) => Release;
}

/** The session that each cache was last bound to, `null` for signed out. It is kept after a release, because the data is kept, too. */
const lastSessions = /* @__PURE__ */ new WeakMap<QueryClient, string | null>();

/** Creates a binding. Data of another session is removed at once, but the session is followed only after `subscribe`. */
export function createSessionBinding(client: AuthClient, queryClient: QueryClient): SessionBinding {
  const listeners = new Set<() => void>();
  const history = historyOf(queryClient);
  let release: Release = () => undefined;
  let session = cacheSessionOf(client);
  let accessToken = client.getSnapshot().tokens?.accessToken;
  takeOver(queryClient, history, session.sessionId);

  function follow(): void {
    const { tokens } = client.getSnapshot();
    const next = cacheSessionOf(client);
    const isOtherSession = next.sessionId !== session.sessionId;
    const isNewToken = tokens !== null && tokens.accessToken !== accessToken;
    accessToken = tokens?.accessToken;
    if (isOtherSession && session.sessionId !== null) clearCache(queryClient, history);
    const hasSignedIn = next.sessionId !== null && lastSessions.get(queryClient) === null;
    if (next.status !== 'loading') lastSessions.set(queryClient, next.sessionId);
    const wasLost = session.sessionId !== null && session.status === 'signedOut';
    if (isOtherSession || next.status !== session.status) {
      session = next;
      for (const listener of [...listeners]) listener();
    }
    // The API may answer a user differently, so everything that was fetched without one is fetched again.
    if (hasSignedIn) refetch(queryClient, () => true);
    else if (isNewToken) refetch(queryClient, (query) => hasFailedForToken(query) || (wasLost && isUnfetched(query)));
  }

  return {
    getSession: () => session,
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) {
        const releases = [client.subscribe(follow), holdOf(client)?.subscribe(follow)];
        release = () => releases.forEach((end) => end?.());
        follow(); // The session may have changed since the binding was created.
      }
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) release();
      };
    },
  };
}

/**
 * Makes a query cache follow the session, for apps without `AuthQueryProvider`. Use one of the two.
 *
 * When the session ends or another one begins, requests in flight are cancelled, and all queries and mutations are
 * removed. If the client has a hold of `holdCalls`, that happens when another user signs in, or after a sign-out or `discard()`.
 * After a sign-in, queries that were fetched while no user was signed in are fetched again. A new access token
 * refetches only the queries that failed because there was no usable token.
 *
 * @param client the client whose session the cache follows
 * @param queryClient the cache, which then holds the data of at most one user
 * @returns a function that ends the binding; the data stays in the cache
 * @example
 * ```ts
 * import { QueryClient } from '@tanstack/react-query';
 * import { createAuthClient } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * import { bindQueryClient } from 'unexpired/query';
 * const auth = createAuthClient({ protocol: bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' }) });
 * const queryClient = new QueryClient();
 * const release = bindQueryClient(auth, queryClient);
 * ```
 */
export function bindQueryClient(client: AuthClient, queryClient: QueryClient): Release {
  return createSessionBinding(client, queryClient).subscribe(() => undefined);
}

/** Brings a cache that was bound before in line with the current session. */
function takeOver(queryClient: QueryClient, history: CacheHistory, sessionId: string | null): void {
  const last = lastSessions.get(queryClient);
  if (last === undefined || last === sessionId) return;
  if (last !== null) {
    lastSessions.delete(queryClient);
    clearCache(queryClient, history);
  } else {
    lastSessions.set(queryClient, sessionId);
    void queryClient.invalidateQueries({ refetchType: 'none' }); // The user signed in while nothing was bound.
  }
}

function hasFailedForToken({ state: { fetchFailureReason: reason } }: Query): boolean {
  return AuthError.is(reason) && RESOLVED_BY_TOKEN.includes(reason.code);
}

/** A query that was mounted while the session was lost has not been fetched. */
function isUnfetched({ state: { status, fetchStatus } }: Query): boolean {
  return status === 'pending' && fetchStatus === 'idle';
}

function refetch(queryClient: QueryClient, predicate: (query: Query) => boolean): void {
  // No component shows these errors, but the next suspense query of the same key would throw them.
  queryClient.removeQueries({ predicate: (query) => predicate(query) && query.state.status === 'error' && query.state.data === undefined, type: 'inactive' });
  // A fetch in progress may be waiting until `retryAt`, or was sent without a user.
  for (const query of queryClient.getQueryCache().findAll({ predicate, fetchStatus: 'fetching' })) restartFetch(query);
  void queryClient.invalidateQueries({ predicate }, { cancelRefetch: false });
}
