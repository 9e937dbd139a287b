import { createAlova } from 'alova';
import { createServerTokenAuthentication } from 'alova/client';
import adapterFetch from 'alova/fetch';
import { requestTokens, storedTokens, storeTokens } from './own-tokens.ts';
import type { Peer } from './peer.ts';

/** Reads answers with `createServerTokenAuthentication`. Without a cache and without shared requests, so that each call is sent. */
export const peer: Peer = {
  signIn: (_api, tokens) => storeTokens(tokens),
  open({ base }) {
    const { onAuthRequired, onResponseRefreshToken } = createServerTokenAuthentication({
      refreshTokenOnSuccess: {
        isExpired: (response) => response.status === 401,
        handler: async () => storeTokens(await requestTokens(base, storedTokens().refreshToken)),
      },
      assignToken(method) {
        method.config.headers['Authorization'] = `Bearer ${storedTokens().accessToken}`;
      },
    });
    const alova = createAlova({
      baseURL: base,
      requestAdapter: adapterFetch(),
      cacheFor: null,
      shareRequest: false,
      beforeRequest: onAuthRequired(),
      responded: onResponseRefreshToken((response) => response.status),
    });
    return (path) => alova.Get<number>(path).send();
  },
};
