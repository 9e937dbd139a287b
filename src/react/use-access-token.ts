import { useState, useSyncExternalStore } from 'react';
import type { AuthClient } from '../core/auth-client.ts';
import type { AuthError } from '../core/model/auth-error.ts';
import { LOADING_SNAPSHOT, type AuthSnapshot } from '../core/model/snapshot.ts';
import { useAuthClient } from './auth-context.ts';

/** The access token as it is now, and the refresh that keeps it so. */
export interface AccessToken extends Pick<AuthClient, 'refresh'> {
  /** The raw access token; `null` while nobody is signed in. */
  readonly accessToken: string | null;
  /** Its expiry, epoch ms by the API's clock; `null` when unknown. */
  readonly expiresAt: number | null;
  readonly isRefreshing: boolean;
  /** Why the last refresh failed, while the next one is waited for; `null` otherwise. */
  readonly error: AuthError | null;
}

type Field = Exclude<keyof AccessToken, 'refresh'>;

const READ: { readonly [F in Field]: (snapshot: AuthSnapshot) => AccessToken[F] } = {
  accessToken: ({ tokens }) => tokens?.accessToken ?? null,
  expiresAt: ({ tokens }) => tokens?.expiresAt ?? null,
  isRefreshing: ({ refresh }) => refresh.state === 'running',
  error: ({ refresh }) => refresh.error,
};

/**
 * Reads the access token, which the provider's client refreshes before `expires_at`.
 *
 * A component renders again only for the fields that it has read: one that takes `accessToken` alone
 * renders once for a new token, whatever the refresh goes through.
 *
 * @throws AuthError `invalid_config` outside an `AuthProvider`
 * @see the Bonfire document: refresh before `expires_at`
 * @example
 * ```tsx
 * import { useAccessToken } from 'unexpired';
 * function Freshness() {
 *   const { expiresAt, isRefreshing, error, refresh } = useAccessToken();
 *   if (error) return <button onClick={() => void refresh()}>Try again</button>;
 *   return <p>{isRefreshing ? 'Refreshing' : `Good until ${new Date(expiresAt ?? 0).toISOString()}`}</p>;
 * }
 * ```
 */
export function useAccessToken(): AccessToken {
  const client = useAuthClient();
  const [watch] = useState(createWatch);
  const snapshot = useSyncExternalStore(
    client.subscribe,
    () => watch.select(client.getSnapshot()),
    () => LOADING_SNAPSHOT,
  );
  return watch.view(snapshot, client);
}

/** Remembers which fields a component reads, and shows it a new snapshot only when one of those has changed. */
function createWatch() {
  const read = new Set<Field>();
  let shown: AuthSnapshot | null = null;

  // Live, because a handler may be the first to read a field; but while hydrating it is what the server has rendered.
  const field = <F extends Field>(name: F, snapshot: AuthSnapshot, client: AuthClient): AccessToken[F] => {
    read.add(name);
    return READ[name](snapshot === LOADING_SNAPSHOT ? snapshot : client.getSnapshot());
  };

  return {
    select(snapshot: AuthSnapshot): AuthSnapshot {
      const last = shown;
      if (last !== null && ![...read].some((name) => READ[name](snapshot) !== READ[name](last))) return last;
      return (shown = snapshot);
    },
    view: (snapshot: AuthSnapshot, client: AuthClient): AccessToken => ({
      get accessToken() { return field('accessToken', snapshot, client); },
      get expiresAt() { return field('expiresAt', snapshot, client); },
      get isRefreshing() { return field('isRefreshing', snapshot, client); },
      get error() { return field('error', snapshot, client); },
      refresh: client.refresh,
    }),
  };
}
