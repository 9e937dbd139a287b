import { AuthError, type AuthClient, type TokenSet } from 'unexpired/core';

/**
 * Signs in with what the former code has left behind; call it before anything else uses the client.
 *
 * `take` reads and removes it. The lock lets one tab after the other do so, until the session is stored.
 */
export const takeOver = (auth: AuthClient, take: () => TokenSet | null): Promise<void> =>
  navigator.locks.request('take-over', async () => {
    const left = take();
    if (left && (await isNobodySignedIn(auth))) await auth.signIn(left);
  });

const isNobodySignedIn = (auth: AuthClient): Promise<boolean> =>
  auth.getAccessToken().then(
    () => false,
    (error: unknown) => AuthError.is(error) && error.code === 'signed_out',
  );
