import SuperTokens from 'supertokens-website';
import type { ApiAddress, Peer } from './peer.ts';

function init({ base, origin }: ApiAddress): void {
  SuperTokens.init({ apiDomain: origin, apiBasePath: `${new URL(base).pathname}/auth`, tokenTransferMethod: 'header' });
}

/** It patches `fetch` itself, so a call is a call. Tokens in headers, since the others keep theirs in the page, too. */
export const peer: Peer = {
  async signIn(api) {
    init(api);
    await fetch(`${api.base}/auth/sign-in`, { method: 'POST' });
  },
  open(api) {
    init(api);
    return async (path) => (await fetch(api.base + path)).status;
  },
};
