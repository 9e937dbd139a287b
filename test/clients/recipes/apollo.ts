import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import type { AuthClient } from 'unexpired/core';

export const apolloClient = (auth: AuthClient, uri: string) => new ApolloClient({ cache: new InMemoryCache(), link: new HttpLink({ uri, fetch: auth.fetch }) });
