import { GraphQLClient } from 'graphql-request';
import type { AuthClient } from 'unexpired/core';

export const graphqlRequestClient = (auth: AuthClient, url: string) => new GraphQLClient(url, { fetch: auth.fetch });
