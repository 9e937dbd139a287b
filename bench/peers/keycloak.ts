import Keycloak from 'keycloak-js';
import type { Peer } from './peer.ts';

const KEY = 'keycloak-tokens';

/**
 * Calls `updateToken()` before each call. The package keeps tokens in memory, so the app stores them after each refresh and gives them
 * to `init()`, which refreshes at once.
 */
export const peer: Peer = {
  signIn: (_api, answer) => store({ token: answer.access_token, refreshToken: answer.refresh_token, idToken: answer.id_token }),
  async open({ base }) {
    const keycloak = new Keycloak({ clientId: 'bench', oidcProvider: { authorization_endpoint: `${base}/authorize`, token_endpoint: `${base}/oauth/token` } });
    keycloak.onAuthRefreshSuccess = () => store(keycloak);
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Tokens;
    await keycloak.init({ ...stored, timeSkew: 0, checkLoginIframe: false }).catch(() => undefined); // The calls try again.
    return async (path) => {
      await keycloak.updateToken(5);
      return (await fetch(base + path, { headers: { authorization: `Bearer ${keycloak.token}` } })).status;
    };
  },
};

type Tokens = Pick<Keycloak, 'token' | 'refreshToken' | 'idToken'>;

function store({ token, refreshToken, idToken }: Tokens): void {
  localStorage.setItem(KEY, JSON.stringify({ token, refreshToken, idToken }));
}
