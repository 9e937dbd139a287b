import { createAuthClient } from 'unexpired';
import { viaServer, watchServer } from 'unexpired/via-server';

export const auth = createAuthClient({ protocol: viaServer() });

watchServer(auth); // The page shows the end of the session at once, also if it has ended elsewhere. On the server it does nothing.
