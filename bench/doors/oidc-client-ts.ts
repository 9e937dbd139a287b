import { UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { callWith, CLIENT_ID, SCOPE, type Address, type Door } from './door.ts';

export function createDoor(address: Address): Door {
  const users = new UserManager({ authority: address.issuer, client_id: CLIENT_ID, redirect_uri: address.redirectUri, scope: SCOPE, userStore: new WebStorageStateStore({ store: localStorage }) });
  return {
    start: (returnTo) => users.signinRedirect({ state: returnTo }),
    async finish() {
      const user = await users.signinCallback();
      return { returnTo: String(user?.state), call: (path) => callWith(address, user?.access_token, path) };
    },
  };
}
