import { createClient } from '@workos-inc/authkit-js';
import type { ApiAddress, Peer } from './peer.ts';

/** The address of an authentication request has no room for the world, so the client ID names it. */
const clientIdOf = ({ base }: ApiAddress) => new URL(base).pathname;

/** Calls `getAccessToken()` before each call. In `devMode`, its default on localhost, it keeps the refresh token in `localStorage`. */
export const peer: Peer = {
  signIn: (api, answer) => localStorage.setItem(`workos:refresh-token:${clientIdOf(api)}`, answer.refresh_token),
  async open(api) {
    const { hostname, port } = new URL(api.base);
    const authkit = await createClient(clientIdOf(api), { apiHostname: hostname, port: Number(port), devMode: true });
    return async (path) => {
      const token = await authkit.getAccessToken();
      return (await fetch(api.base + path, { headers: { authorization: `Bearer ${token}` } })).status;
    };
  },
};
