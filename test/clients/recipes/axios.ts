import axios from 'axios';
import type { AuthClient } from 'unexpired/core';

export const axiosClient = (auth: AuthClient, baseUrl: string) => axios.create({ baseURL: baseUrl, adapter: 'fetch', env: { fetch: auth.fetch } });
