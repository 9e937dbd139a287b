import type { AuthClient } from '../core/auth-client.ts';
import { holdOf } from '../core/inspector.ts';
import { isServer } from '../core/platform/browser-platform.ts';
import { signedOut, tokenOnServer } from '../core/model/auth-error.ts';
import { useAuthClient } from './auth-context.ts';
import { useAccessToken, type AccessToken } from './use-access-token.ts';

/** The access token of a signed-in user. */
export interface SuspenseAccessToken extends AccessToken {
  /** The raw access token. */
  readonly accessToken: string;
}

/**
 * Returns the access token as a string. It suspends while the session is loading, and with `accessToken: 'memory'` until the
 * tab has got a token. While the session is lost and its calls are held, it suspends, too.
 *
 * @throws AuthError `signed_out`, with `endReason`, if no user is signed in. On a server it always throws that, so the
 * nearest `Suspense` renders its fallback. The error of the refresh if the tab has no token and refreshing is blocked.
 * `misconfigured` if a server keeps the token; `invalid_config` outside an `AuthProvider`
 * @example
 * ```tsx
 * import { Suspense } from 'react';
 * import { SignedIn, useSuspenseAccessToken } from 'unexpired';
 * function Player() {
 *   const { accessToken } = useSuspenseAccessToken(); // a string, never null
 *   return <p>{accessToken.length} characters</p>;
 * }
 * const page = <SignedIn><Suspense fallback="Loading…"><Player /></Suspense></SignedIn>;
 * ```
 */
export function useSuspenseAccessToken(): SuspenseAccessToken {
  const client = useAuthClient();
  const token = useAccessToken();
  const { accessToken } = token;
  // The field is live. After a sign-out a handler still gets the string that this render got.
  if (accessToken !== null) {
    const own = { enumerable: true, get: () => token.accessToken ?? accessToken };
    return Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(token), accessToken: own }) as SuspenseAccessToken;
  }
  const { status, endReason, refresh, tokens } = client.getSnapshot();
  if (holdOf(client)?.getSnapshot().cause) throw whenSettled(client);
  if (status === 'signedOut' || isServer()) throw signedOut(endReason);
  if (tokens) throw tokenOnServer();
  if (refresh.state === 'blocked') throw refresh.error;
  throw whenSettled(client);
}

/** Resolves when there is an access token, or when the client waits for none any more. */
function whenSettled({ getSnapshot, subscribe, ready }: AuthClient): Promise<unknown> {
  if (getSnapshot().status === 'loading') return ready(); // Resolves when the client is disposed, too.
  return new Promise<void>((resolve) => {
    const release = subscribe(() => {
      const { status, tokens, refresh } = getSnapshot();
      if (status === 'signedIn' && !tokens && refresh.state !== 'blocked') return;
      release();
      resolve();
    });
  });
}
