import { PublicClientApplication } from '@azure/msal-browser';
import { callWith, CLIENT_ID, type Address, type Door } from './door.ts';

export function createDoor(address: Address): Door {
  const application = new PublicClientApplication({
    auth: { clientId: CLIENT_ID, authority: address.issuer, knownAuthorities: [new URL(address.issuer).host], redirectUri: address.redirectUri },
    cache: { cacheLocation: 'localStorage' },
    system: { protocolMode: 'OIDC' },
  });
  const client = application.initialize().then(() => application);
  return {
    start: async (returnTo) => (await client).loginRedirect({ scopes: ['openid', 'offline_access'], state: returnTo }),
    async finish() {
      const result = await (await client).handleRedirectPromise({ navigateToLoginRequestUrl: false });
      return { returnTo: result?.state ?? '', call: (path) => callWith(address, result?.accessToken, path) };
    },
  };
}
