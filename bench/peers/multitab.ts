import { fromJwt, TokenService } from '@weareyipyip/multitab-token-refresh';
import type { TokenAnswer } from '../server/family.ts';
import { requestTokens } from './own-tokens.ts';
import type { ApiAddress, Peer } from './peer.ts';

const tokensOf = (answer: TokenAnswer) => fromJwt({ accessToken: answer.access_token, refreshToken: answer.refresh_token });
const serviceOf = ({ base }: ApiAddress) => new TokenService(async (refreshToken) => tokensOf(await requestTokens(base, refreshToken)));

/** Calls `getAccessToken()` before each call, as its axios interceptor does. */
export const peer: Peer = {
  signIn: (api, answer) => serviceOf(api).setStatus(tokensOf(answer)),
  open(api) {
    const service = serviceOf(api);
    return async (path) => {
      const token = await service.getAccessToken();
      return (await fetch(api.base + path, { headers: { authorization: `Bearer ${token}` } })).status;
    };
  },
};
