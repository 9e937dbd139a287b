import { createFetch } from 'ofetch';
import type { AuthClient } from 'unexpired/core';

export const ofetchClient = (auth: AuthClient, baseUrl: string) => createFetch({ fetch: auth.fetch, defaults: { baseURL: baseUrl } });
