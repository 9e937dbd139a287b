import { storedTokens, storeTokens } from './own-tokens.ts';
import type { Peer } from './peer.ts';

/** `fetch` with a header, and nothing that would ever refresh: what all others are compared with. */
export const peer: Peer = {
  signIn: (_api, tokens) => storeTokens(tokens),
  open({ base }) {
    const headers = { authorization: `Bearer ${storedTokens().accessToken}` };
    return async (path) => (await fetch(base + path, { headers })).status;
  },
};
