import { createAuthClient } from '../../dist/core.js';
import { oauth2 } from '../../dist/oauth2.js';
import { createRedirectSignIn } from '../../dist/redirect.js';
import { CLIENT_ID, SCOPE, type Address, type Door } from './door.ts';

export function createDoor({ issuer, redirectUri }: Address): Door {
  const auth = createAuthClient({ protocol: oauth2({ tokenEndpoint: `${issuer}oauth/token`, clientId: CLIENT_ID, resourceOrigins: [new URL(issuer).origin] }) });
  const redirect = createRedirectSignIn(auth, { issuer, clientId: CLIENT_ID, redirectUri, scope: SCOPE });
  return {
    start: (returnTo) => redirect.start({ returnTo }),
    async finish() {
      const { returnTo } = await redirect.finish();
      return { returnTo, call: async (path) => (await auth.fetch(issuer + path)).status };
    },
  };
}
