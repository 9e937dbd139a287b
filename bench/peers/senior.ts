import { ownTokens, requestTokens, storedTokens, storeTokens } from './own-tokens.ts';
import type { Peer } from './peer.ts';

/**
 * A wrapper as an experienced engineer writes it. The calls of a page share one refresh, and the tabs take turns with a Web Lock.
 * A tab that gets the lock reads storage first, because another tab may have refreshed already.
 */
export const peer: Peer = {
  signIn: (_api, tokens) => storeTokens(tokens),
  open({ base }) {
    let tokens = storedTokens();
    let running: Promise<void> | null = null;

    /** Replaces a token that has expired or was rejected. */
    function replace(used: string): Promise<void> {
      return (running ??= navigator.locks
        .request('refresh', async () => {
          tokens = storedTokens();
          if (!tokens.refreshToken) throw new Error('The user signed out in another tab.');
          if (tokens.accessToken !== used && Date.now() < tokens.expiresAt) return;
          const answer = await requestTokens(base, tokens.refreshToken);
          storeTokens(answer);
          tokens = ownTokens(answer);
        })
        .finally(() => {
          running = null;
        }));
    }

    async function authedFetch(url: string, init: RequestInit = {}): Promise<Response> {
      if (Date.now() >= tokens.expiresAt) await replace(tokens.accessToken);
      const used = tokens.accessToken;
      const response = await send(url, init, used);
      if (response.status !== 401) return response;
      if (tokens.accessToken === used) await replace(used); // Otherwise the answer is about a token that was replaced meanwhile.
      return send(url, init, tokens.accessToken);
    }

    function send(url: string, init: RequestInit, accessToken: string): Promise<Response> {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${accessToken}`);
      return fetch(url, { ...init, headers });
    }

    return async (path) => (await authedFetch(base + path)).status;
  },
};
