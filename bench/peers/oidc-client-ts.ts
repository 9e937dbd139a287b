import { User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { ApiAddress, Peer } from './peer.ts';

export function managerOf({ base }: ApiAddress): UserManager {
  return new UserManager({
    authority: base,
    client_id: 'bench',
    redirect_uri: `${base}/callback`,
    userStore: new WebStorageStateStore({ store: localStorage }),
    metadata: { issuer: `${base}/`, token_endpoint: `${base}/oauth/token`, authorization_endpoint: `${base}/authorize` },
  });
}

/** Calls `getUser()` before each call, and `signinSilent()` when its token has expired. Automatic silent renewal is on by default. */
export const peer: Peer = {
  async signIn(api, answer) {
    const now = Math.floor(Date.now() / 1000);
    const profile = { sub: 'camper', iss: `${api.base}/`, aud: 'bench', iat: now, exp: now + answer.expires_in };
    await managerOf(api).storeUser(new User({ ...answer, expires_at: now + answer.expires_in, profile }));
  },
  open(api) {
    const manager = managerOf(api);
    return async (path) => {
      let user = await manager.getUser();
      if (!user || user.expired) user = await manager.signinSilent();
      return (await fetch(api.base + path, { headers: { authorization: `Bearer ${user?.access_token ?? ''}` } })).status;
    };
  },
};
