import { notifyManager, type Query, type QueryClient } from '@tanstack/react-query';
import type { AuthClient } from '../core/auth-client.ts';
import { AuthError, type AuthErrorCode } from '../core/model/auth-error.ts';
import type { AuthSnapshot } from '../core/model/snapshot.ts';
import type { Release } from '../core/platform/platform.ts';
import { forgetMutations, forgetQueries } from './forget.ts';
import { watchCache } from './traces.ts';

/** What a new access token can mend. */
const CURABLE: readonly AuthErrorCode[] = ['signed_out', 'session_changed', 'refresh_unavailable', 'misconfigured'];

/** Whose data the cache holds. */
export type CacheSession = Pick<AuthSnapshot, 'status' | 'sessionId'>;

/** Follows the session with the cache. */
export interface SessionBinding {
  /** Changes only after the cache was emptied, so that nobody can be told of a new user and find the old one's data. */
  readonly getSession: () => CacheSession;
  /** Follows the session for as long as somebody listens. */
  readonly subscribe: (listener: () => void) => Release;
}

/** The session that a cache was last bound to: its data stays when nobody listens any more. */
const holders = /* @__PURE__ */ new WeakMap<QueryClient, string | null>();

/** Creates a binding. It follows nobody before somebody subscribes, but what a cache still holds of another session is gone at once, and who shows what it holds is noted. */
export function createSessionBinding(client: AuthClient, queryClient: QueryClient): SessionBinding {
  const listeners = new Set<() => void>();
  const traces = watchCache(queryClient);
  let releases: readonly Release[] = [];
  let session = sessionOf(client.getSnapshot());
  let accessToken = client.getSnapshot().tokens?.accessToken;

  function follow(): void {
    const snapshot = client.getSnapshot();
    const changed = snapshot.sessionId !== session.sessionId;
    const renewed = snapshot.tokens !== null && snapshot.tokens.accessToken !== accessToken;
    accessToken = snapshot.tokens?.accessToken;
    if (changed && session.sessionId !== null) notifyManager.batch(forget);
    // What was asked for without a user may be another answer with one, an error included.
    const isForSomebody = snapshot.sessionId !== null && holders.get(queryClient) === null;
    if (snapshot.status !== 'loading') holders.set(queryClient, snapshot.sessionId);
    if (changed || snapshot.status !== session.status) {
      session = sessionOf(snapshot);
      for (const listener of [...listeners]) listener();
    }
    if (isForSomebody || renewed) askAgain(queryClient, isForSomebody ? () => true : hasFailed);
  }

  function forget(): void {
    forgetQueries(queryClient, traces);
    forgetMutations(queryClient, traces);
  }

  function open(): void {
    releases = [client.subscribe(follow)];
    follow(); // It may have changed since it was last looked at.
  }

  if ((holders.get(queryClient) ?? session.sessionId) !== session.sessionId) {
    holders.delete(queryClient);
    notifyManager.batch(forget);
  }

  if (holders.get(queryClient) === null && session.sessionId !== null) {
    holders.set(queryClient, session.sessionId);
    void queryClient.invalidateQueries({ refetchType: 'none' }); // Nobody was bound while the user signed in.
  }

  return {
    getSession: () => session,
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) open();
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        for (const release of releases) release();
      };
    },
  };
}

/**
 * Lets a query cache follow the session, for apps without `AuthQueryProvider`; use one of the two.
 *
 * When a session ends, or another user's begins, whatever is in flight is cancelled and all queries and mutations are
 * removed. A new access token refetches what failed for want of one, and touches nothing else.
 *
 * @param client whose session it is
 * @param queryClient holds one user's data at a time
 * @returns call it to let go
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

function sessionOf({ status, sessionId }: AuthSnapshot): CacheSession {
  return { status, sessionId };
}

function hasFailed({ state: { fetchFailureReason: reason } }: Query): boolean {
  return AuthError.is(reason) && CURABLE.includes(reason.code);
}

function askAgain(queryClient: QueryClient, predicate: (query: Query) => boolean): void {
  // Nobody shows it, but the next suspense query of that key would throw it.
  queryClient.removeQueries({ predicate: (query) => predicate(query) && query.state.status === 'error' && query.state.data === undefined, type: 'inactive' });
  for (const query of queryClient.getQueryCache().findAll({ predicate, fetchStatus: 'fetching' })) {
    void query.cancel({ silent: true }); // It sleeps until `retryAt`, or was sent for nobody; whoever waits for it gets the new answer.
    void query.fetch().catch(() => undefined);
  }
  void queryClient.invalidateQueries({ predicate }, { cancelRefetch: false });
}
