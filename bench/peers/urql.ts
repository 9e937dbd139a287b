import { Client, fetchExchange, gql } from '@urql/core';
import { authExchange } from '@urql/exchange-auth';
import { ownTokens, requestTokens, storedTokens, storeTokens } from './own-tokens.ts';
import type { Peer } from './peer.ts';

const ITEM = gql`query Item($path: String!, $call: Int!) { item(path: $path, call: $call) }`;

/** Sends GraphQL over POST through its `authExchange`. Each call has a number, because queries that are equal are sent once. */
export const peer: Peer = {
  signIn: (_api, tokens) => storeTokens(tokens),
  open({ base }) {
    const auth = authExchange(async (utils) => {
      let tokens = storedTokens();
      return {
        addAuthToOperation: (operation) => utils.appendHeaders(operation, { Authorization: `Bearer ${tokens.accessToken}` }),
        willAuthError: () => Date.now() >= tokens.expiresAt,
        didAuthError: (error) => statusOf(error.response) === 401,
        async refreshAuth() {
          const answer = await requestTokens(base, tokens.refreshToken);
          storeTokens(answer);
          tokens = ownTokens(answer);
        },
      };
    });
    const client = new Client({ url: `${base}/graphql`, preferGetMethod: false, exchanges: [auth, fetchExchange] });
    let calls = 0;
    return async (path) => {
      const { error } = await client.query(ITEM, { path, call: (calls += 1) }).toPromise();
      if (!error) return 200;
      return statusOf(error.response) ?? Promise.reject(error);
    };
  },
};

function statusOf(response: unknown): number | undefined {
  return response instanceof Response ? response.status : undefined;
}
