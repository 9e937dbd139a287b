import { createAuthClient } from 'unexpired';
import { serverSignIn, viaServer } from 'unexpired/via-server';

const protocol = viaServer();

export const auth = createAuthClient({ protocol });

/** Signs in with what the sign-in page has sent back. */
export const signIn = (code: string, verifier: string) => auth.signIn(serverSignIn(protocol, { code, verifier }));
