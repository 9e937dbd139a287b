import { Auth0Client, type Auth0ClientOptions } from '@auth0/auth0-spa-js';
import type { ApiAddress, Peer } from './peer.ts';

export function optionsOf({ base }: ApiAddress): Auth0ClientOptions {
  return { domain: base, issuer: `${base}/`, clientId: 'bench', useRefreshTokens: true, cacheLocation: 'localstorage', authorizationParams: { scope: 'openid' } };
}

/** Calls `getTokenSilently()` before each call, with refresh tokens in `localStorage`. */
export const peer: Peer = {
  async signIn(api) {
    await new Auth0Client(optionsOf(api)).exchangeToken({ subject_token: 'camper', subject_token_type: 'urn:bench:camper' });
  },
  open(api) {
    const auth0 = new Auth0Client(optionsOf(api));
    return async (path) => {
      const token = await auth0.getTokenSilently();
      return (await fetch(api.base + path, { headers: { authorization: `Bearer ${token}` } })).status;
    };
  },
};
