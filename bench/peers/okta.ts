import { OktaAuth, type OktaAuthOptions } from '@okta/okta-auth-js';
import type { ApiAddress, Peer } from './peer.ts';

/** Without `openid`, a refresh brings no ID token, which would be verified with two more requests. */
const SCOPES = ['items', 'offline_access'];

function optionsOf({ base }: ApiAddress): OktaAuthOptions {
  return { issuer: base, clientId: 'bench', redirectUri: `${base}/callback`, tokenUrl: `${base}/oauth/token`, scopes: SCOPES };
}

/** Renews a token when it is read, as the package's notice on renewal recommends. */
const RENEWAL: Pick<OktaAuthOptions, 'tokenManager' | 'services'> = { tokenManager: { autoRenew: true }, services: { autoRenew: false, autoRemove: false } };

/** Calls `getOrRenewAccessToken()` before each call, with the service that syncs its tokens over tabs. */
export const peer: Peer = {
  signIn(api, answer) {
    const expiresAt = Math.floor(Date.now() / 1000) + answer.expires_in;
    const urls = { authorizeUrl: `${api.base}/authorize`, tokenUrl: `${api.base}/oauth/token`, userinfoUrl: `${api.base}/userinfo`, issuer: api.base };
    const withoutRenewal = new OktaAuth({ ...optionsOf(api), tokenManager: { autoRenew: false, autoRemove: false } });
    withoutRenewal.tokenManager.setTokens({
      accessToken: { accessToken: answer.access_token, expiresAt, scopes: SCOPES, tokenType: 'Bearer', claims: { sub: 'camper' }, ...urls },
      refreshToken: { refreshToken: answer.refresh_token, expiresAt, scopes: SCOPES, ...urls },
    });
  },
  async open(api) {
    const okta = new OktaAuth({ ...optionsOf(api), ...RENEWAL });
    await okta.start();
    return async (path) => {
      const token = await okta.getOrRenewAccessToken();
      return (await fetch(api.base + path, { headers: { authorization: `Bearer ${token}` } })).status;
    };
  },
};
