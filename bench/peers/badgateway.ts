import { OAuth2Client, OAuth2Fetch, type OAuth2Token } from '@badgateway/oauth2-client';
import type { Peer } from './peer.ts';

const KEY = 'token-store';

/** Calls through its fetch wrapper with `storeToken` and `getStoredToken`, as its README shows. */
export const peer: Peer = {
  signIn(_api, answer) {
    const token: OAuth2Token = { accessToken: answer.access_token, refreshToken: answer.refresh_token, expiresAt: Date.now() + answer.expires_in * 1000 };
    localStorage.setItem(KEY, JSON.stringify(token));
  },
  open({ base }) {
    const client = new OAuth2Client({ server: base, clientId: 'bench', tokenEndpoint: `${base}/oauth/token`, authenticationMethod: 'client_secret_post' });
    const wrapper = new OAuth2Fetch({
      client,
      getNewToken: () => null,
      storeToken: (token) => localStorage.setItem(KEY, JSON.stringify(token)),
      getStoredToken: () => JSON.parse(localStorage.getItem(KEY) ?? 'null') as OAuth2Token | null,
    });
    return async (path) => (await wrapper.fetch(base + path)).status;
  },
};
