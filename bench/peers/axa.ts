import { OidcClient, type OidcConfiguration } from '@axa-fr/oidc-client';
import type { ApiAddress, Peer } from './peer.ts';

export function configurationOf({ base }: ApiAddress): OidcConfiguration {
  return {
    client_id: 'bench',
    redirect_uri: `${base}/callback`,
    scope: 'openid',
    authority: base,
    authority_configuration: { authorization_endpoint: `${base}/authorize`, token_endpoint: `${base}/oauth/token`, revocation_endpoint: `${base}/revoke`, end_session_endpoint: `${base}/logout`, userinfo_endpoint: `${base}/userinfo`, issuer: `${base}/` },
    storage: localStorage,
    token_renew_mode: 'access_token_invalid',
  };
}

/** Calls through `fetchWithTokens`, without the service worker, which would hold the tokens for a whole origin. */
export const peer: Peer = {
  signIn(_api, answer) {
    const issuedAt = Math.floor(Date.now() / 1000);
    const tokens = { accessToken: answer.access_token, refreshToken: answer.refresh_token, idToken: null, idTokenPayload: null, expiresIn: answer.expires_in, issuedAt, scope: 'openid', tokenType: 'Bearer' };
    localStorage['oidc.default'] = JSON.stringify({ tokens });
    localStorage['oidc.nonce.default'] = 'nonce';
    localStorage['oidc.login.default'] = JSON.stringify({ callbackPath: '/', extras: null, scope: 'openid' });
  },
  async open(api) {
    const client = OidcClient.getOrCreate(() => fetch)(configurationOf(api));
    await client.tryKeepExistingSessionAsync();
    const authedFetch = client.fetchWithTokens(fetch);
    return async (path) => (await authedFetch(api.base + path)).status;
  },
};
