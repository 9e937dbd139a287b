import { Auth0Client } from '@auth0/auth0-spa-js';
import { callWith, CLIENT_ID, SCOPE, type Address, type Door } from './door.ts';

export function createDoor(address: Address): Door {
  const domain = address.issuer.replace(/^https:\/\/|\/$/g, '');
  const client = new Auth0Client({ domain, clientId: CLIENT_ID, useRefreshTokens: true, cacheLocation: 'localstorage', authorizationParams: { redirect_uri: address.redirectUri, scope: SCOPE } });
  return {
    start: (returnTo) => client.loginWithRedirect({ appState: { returnTo } }),
    async finish() {
      const { appState } = await client.handleRedirectCallback<{ readonly returnTo: string }>();
      return { returnTo: appState?.returnTo ?? '', call: async (path) => callWith(address, await client.getTokenSilently(), path) };
    },
  };
}
