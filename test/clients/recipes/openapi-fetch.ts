import createClient from 'openapi-fetch';
import type { AuthClient } from 'unexpired/core';

export const openapiClient = <Paths extends object>(auth: AuthClient, baseUrl: string) => createClient<Paths>({ baseUrl, fetch: auth.fetch });
