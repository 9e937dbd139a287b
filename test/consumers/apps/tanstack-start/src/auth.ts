import { createAuthClient } from 'unexpired';
import { serverSignIn, viaServer, watchServer } from 'unexpired/via-server';

const protocol = viaServer();

export const auth = createAuthClient({ protocol });

export const signInAs = (bot: string) => auth.signIn(serverSignIn(protocol, { bot }));

watchServer(auth); // The page shows the end of the session at once, also if it has ended elsewhere. On the server it does nothing.
