import { isServer } from '../core/platform/browser-platform.ts';
import { signedOut } from '../core/model/token-verdict.ts';
import { whenKnown } from '../core/session/when-known.ts';
import { useAuthClient } from './auth-context.ts';
import { useAccessToken, type AccessToken } from './use-access-token.ts';

/** The access token of whoever is signed in. */
export interface SuspenseAccessToken extends AccessToken {
  /** The raw access token. */
  readonly accessToken: string;
}

/**
 * `useAccessToken` for components that cannot do without one: suspends until it is known who is signed in.
 *
 * @throws AuthError `signed_out`, with `endReason`, to the error boundary while nobody is, and on a server to the
 * `Suspense` around it, which leaves the place to the browser; `invalid_config` outside an `AuthProvider`
 * @example
 * ```tsx
 * import { Suspense } from 'react';
 * import { SignedIn, useSuspenseAccessToken } from 'unexpired';
 * function Player() {
 *   const { accessToken } = useSuspenseAccessToken(); // a string, never null
 *   return <p>{accessToken.length} characters</p>;
 * }
 * const page = <SignedIn><Suspense fallback="One moment…"><Player /></Suspense></SignedIn>;
 * ```
 */
export function useSuspenseAccessToken(): SuspenseAccessToken {
  const client = useAuthClient();
  const token = useAccessToken();
  if (token.accessToken !== null) return token as SuspenseAccessToken;
  const { status, endReason } = client.getSnapshot();
  if (status === 'signedOut' || isServer()) throw signedOut(endReason);
  throw whenKnown(client);
}
