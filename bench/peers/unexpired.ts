import { createAuthClient, type AuthClient, type AuthStorage } from '../../dist/core.js';
import { oauth2 } from '../../dist/oauth2.js';
import type { ApiAddress, Peer } from './peer.ts';

export function clientOf({ base, origin }: ApiAddress, storage?: AuthStorage): AuthClient {
  return createAuthClient({ protocol: oauth2({ tokenEndpoint: `${base}/oauth/token`, clientId: 'bench', resourceOrigins: [origin], baseUrl: base }), ...(storage && { storage }) });
}

export const peer: Peer = {
  async signIn(api, answer) {
    const auth = clientOf(api);
    await auth.signIn({ accessToken: answer.access_token, refreshToken: answer.refresh_token, expiresAt: Date.now() + answer.expires_in * 1000, scopes: ['openid'] });
    auth.dispose();
  },
  open(api) {
    const auth = clientOf(api);
    return async (path) => (await auth.fetch(path)).status;
  },
};
