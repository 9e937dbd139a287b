import { useState, useSyncExternalStore } from 'react';
import type { AuthClient } from '../core/auth-client.ts';
import type { AuthError } from '../core/model/auth-error.ts';
import { expiryOf, type AuthSnapshot } from '../core/model/snapshot.ts';
import type { TokenSet } from '../core/model/token-set.ts';
import { shownSnapshot, useProvided, type Provided } from './auth-context.ts';

/** The access token and its refresh. */
export interface AccessToken extends Pick<AuthClient, 'refresh'> {
  /** The raw access token; `null` while no user is signed in, and if a server keeps the token. */
  readonly accessToken: string | null;
  /** When the token expires, epoch ms by the device's clock; `null` if unknown. */
  readonly expiresAt: number | null;
  /** The further members of the token answer that the protocol keeps; `undefined` if there are none. */
  readonly extra: TokenSet['extra'];
  /** True while a refresh is running. */
  readonly isRefreshing: boolean;
  /** Why the last refresh failed; `null` unless the client waits for the next attempt or is blocked. */
  readonly error: AuthError | null;
}

type Field = Exclude<keyof AccessToken, 'refresh'>;

const READ: { readonly [F in Field]: (snapshot: AuthSnapshot) => AccessToken[F] } = {
  accessToken: ({ tokens }) => tokens?.accessToken || null,
  expiresAt: expiryOf,
  extra: ({ tokens }) => tokens?.extra,
  isRefreshing: ({ refresh }) => refresh.state === 'running',
  error: ({ refresh }) => refresh.error,
};

/**
 * Returns the access token, which the provider's client refreshes before `expires_at`.
 *
 * A component re-renders only for the fields that it reads. If it reads only `accessToken`, it renders once for a new
 * token, whatever happens during the refresh.
 *
 * @throws AuthError `invalid_config` outside an `AuthProvider`
 * @see the Bonfire document: refresh before `expires_at`
 * @example
 * ```tsx
 * import { useAccessToken } from 'unexpired';
 * function Freshness() {
 *   const { expiresAt, isRefreshing, error, refresh } = useAccessToken();
 *   if (error) return <button onClick={() => void refresh()}>Try again</button>;
 *   return <p>{isRefreshing ? 'Refreshing' : `Valid for ${Math.round(((expiresAt ?? 0) - Date.now()) / 1000)} s`}</p>;
 * }
 * ```
 */
export function useAccessToken(): AccessToken {
  const provided = useProvided();
  const [watch] = useState(createWatch);
  const snapshot = useSyncExternalStore(
    provided.client.subscribe,
    () => watch.select(shownSnapshot(provided)),
    () => provided.initial,
  );
  return watch.view(snapshot, provided);
}

/** Records which fields a component reads, and returns a new snapshot only if one of them has changed. */
function createWatch() {
  const read = new Set<Field>();
  let shown: AuthSnapshot | null = null;

  // Reads the current snapshot, because a handler may be the first to read a field. While hydrating, a field must equal
  // what the server rendered.
  const field = <F extends Field>(name: F, snapshot: AuthSnapshot, provided: Provided): AccessToken[F] => {
    read.add(name);
    return READ[name](snapshot === provided.initial ? snapshot : shownSnapshot(provided));
  };

  return {
    select(snapshot: AuthSnapshot): AuthSnapshot {
      const last = shown;
      if (last !== null && ![...read].some((name) => READ[name](snapshot) !== READ[name](last))) return last;
      return (shown = snapshot);
    },
    view: (snapshot: AuthSnapshot, provided: Provided): AccessToken => ({
      get accessToken() { return field('accessToken', snapshot, provided); },
      get expiresAt() { return field('expiresAt', snapshot, provided); },
      get extra() { return field('extra', snapshot, provided); },
      get isRefreshing() { return field('isRefreshing', snapshot, provided); },
      get error() { return field('error', snapshot, provided); },
      refresh: provided.client.refresh,
    }),
  };
}
