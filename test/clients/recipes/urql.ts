import { Client, fetchExchange } from '@urql/core';
import type { AuthClient } from 'unexpired/core';

export const urqlClient = (auth: AuthClient, url: string) => new Client({ url, exchanges: [fetchExchange], fetch: auth.fetch });
