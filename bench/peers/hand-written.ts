import { requestTokens, ownTokens, storedTokens, storeTokens } from './own-tokens.ts';
import type { Peer } from './peer.ts';

type Refresh = () => Promise<void>;

/** A wrapper written by hand. It refreshes when the token has expired or is rejected, and sends the call again. */
export function handWritten(way: (refresh: Refresh) => Refresh): Peer {
  return {
    signIn: (_api, tokens) => storeTokens(tokens),
    open({ base }) {
      let tokens = storedTokens();

      const refresh = way(async () => {
        const answer = await requestTokens(base, tokens.refreshToken);
        storeTokens(answer);
        tokens = ownTokens(answer);
      });

      async function authedFetch(url: string, init: RequestInit = {}): Promise<Response> {
        if (Date.now() >= tokens.expiresAt) await refresh();
        const response = await send(url, init);
        if (response.status !== 401) return response;
        await refresh();
        return send(url, init);
      }

      function send(url: string, init: RequestInit): Promise<Response> {
        const headers = new Headers(init.headers);
        headers.set('authorization', `Bearer ${tokens.accessToken}`);
        return fetch(url, { ...init, headers });
      }

      return async (path) => (await authedFetch(base + path)).status;
    },
  };
}
