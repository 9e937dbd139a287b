import type { AuthClient, TokenSet } from 'unexpired/core';

/**
 * Signs in with the tokens that the former code stored. Call it before anything else uses the client.
 *
 * `take` reads the tokens and removes them. The lock lets only one tab at a time take the tokens and sign in.
 */
export const takeOver = (auth: AuthClient, take: () => TokenSet | null): Promise<void> =>
  navigator.locks.request('take-over', async () => {
    const tokens = take();
    if (!tokens) return;
    const { status } = await auth.ready();
    if (status === 'signedOut') await auth.signIn(tokens);
  });
