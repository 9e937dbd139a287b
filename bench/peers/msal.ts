import { CacheLookupPolicy, loadExternalTokens, PublicClientApplication, type Configuration } from '@azure/msal-browser';
import type { ApiAddress, Peer } from './peer.ts';

const SCOPES = ['items'];

function configurationOf({ base }: ApiAddress): Configuration {
  const metadata = { issuer: `${base}/`, authorization_endpoint: `${base}/authorize`, token_endpoint: `${base}/oauth/token`, end_session_endpoint: `${base}/end`, jwks_uri: `${base}/jwks` };
  return {
    auth: { clientId: 'bench', authority: base, knownAuthorities: [new URL(base).host], authorityMetadata: JSON.stringify(metadata), redirectUri: `${base}/callback` },
    cache: { cacheLocation: 'localStorage' },
    system: { protocolMode: 'OIDC' },
  };
}

/** Calls `acquireTokenSilent()` before each call, with its cache in `localStorage` and without the fallback to an iframe, which needs a cookie of the server. */
export const peer: Peer = {
  async signIn(api, answer) {
    const granted = { ...answer, scope: 'items openid profile offline_access' };
    const { host, pathname } = new URL(api.base);
    const account = { homeAccountId: 'camper', localAccountId: 'camper', environment: host, tenantId: pathname.slice(1), username: 'camper' };
    await loadExternalTokens(configurationOf(api), { scopes: SCOPES, authority: api.base, account }, granted, { expiresOn: Math.floor(Date.now() / 1000) + answer.expires_in });
  },
  async open(api) {
    const application = new PublicClientApplication(configurationOf(api));
    await application.initialize();
    application.setActiveAccount(application.getAllAccounts()[0] ?? null);
    return async (path) => {
      const { accessToken } = await application.acquireTokenSilent({ scopes: SCOPES, cacheLookupPolicy: CacheLookupPolicy.AccessTokenAndRefreshToken });
      return (await fetch(api.base + path, { headers: { authorization: `Bearer ${accessToken}` } })).status;
    };
  },
};
