import Keycloak from 'keycloak-js';
import { callWith, CLIENT_ID, SCOPE, type Address, type Door } from './door.ts';

/** It has no state of the app, so its documentation puts the page into the redirect URI. */
export function createDoor(address: Address): Door {
  const keycloak = new Keycloak({ oidcProvider: address.issuer.replace(/\/$/, ''), clientId: CLIENT_ID });
  const init = () => keycloak.init({ checkLoginIframe: false, responseMode: 'query', pkceMethod: 'S256', scope: SCOPE });
  return {
    async start(returnTo) {
      await init();
      await keycloak.login({ redirectUri: `${address.redirectUri}?page=${encodeURIComponent(returnTo)}` });
    },
    async finish() {
      const returnTo = new URL(location.href).searchParams.get('page') ?? '';
      if (!(await init())) throw new Error('keycloak-js did not sign in');
      return { returnTo, call: (path) => callWith(address, keycloak.token, path) };
    },
  };
}
