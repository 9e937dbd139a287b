import SuperTokens from 'supertokens-website';
import type { ApiAddress, Peer } from './peer.ts';

function init({ base, origin }: ApiAddress): void {
  SuperTokens.init({ apiDomain: origin, apiBasePath: `${new URL(base).pathname}/auth`, tokenTransferMethod: 'header' });
}

/** Calls plain `fetch`, because the library patches it. Its tokens are in headers, because the tokens of the others are in the page as well. */
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
