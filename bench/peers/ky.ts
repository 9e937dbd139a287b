import ky from 'ky';
import { requestTokens, storedTokens, storeTokens } from './own-tokens.ts';
import type { Peer } from './peer.ts';

/** Sets the header in a `beforeRequest` hook, and handles a 401 in the `afterResponse` hook of its README. */
export const peer: Peer = {
  signIn: (_api, tokens) => storeTokens(tokens),
  open({ base }) {
    const api = ky.extend({
      throwHttpErrors: false,
      hooks: {
        beforeRequest: [({ request }) => request.headers.set('Authorization', `Bearer ${storedTokens().accessToken}`)],
        afterResponse: [
          async ({ request, response, retryCount }) => {
            if (response.status !== 401 || retryCount > 0) return undefined;
            const answer = await requestTokens(base, storedTokens().refreshToken);
            storeTokens(answer);
            const headers = new Headers(request.headers);
            headers.set('Authorization', `Bearer ${answer.access_token}`);
            return ky.retry({ request: new Request(request, { headers }), code: 'TOKEN_REFRESHED' });
          },
        ],
      },
    });
    return async (path) => (await api.get(base + path)).status;
  },
};
