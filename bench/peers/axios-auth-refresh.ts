import axios from 'axios';
import { createAuthRefresh } from 'axios-auth-refresh';
import type { TokenAnswer } from '../server/family.ts';
import { storedTokens, storeTokens } from './own-tokens.ts';
import type { Peer } from './peer.ts';

/**
 * As its README shows. Choices are made in its favour: the fetch adapter, an unread body, and no `deduplicateRefresh`, with
 * which only 1 of 200 calls at once was answered.
 */
export const peer: Peer = {
  signIn: (_api, tokens) => storeTokens(tokens),
  open({ base }) {
    const api = axios.create({ baseURL: base, adapter: 'fetch', responseType: 'stream' });
    api.interceptors.request.use((config) => {
      config.headers['Authorization'] = `Bearer ${storedTokens().accessToken}`;
      return config;
    });
    const refreshAuthLogic = async (failed: { response: { config: { headers: Record<string, string> } } }) => {
      const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: storedTokens().refreshToken });
      const { data } = await axios.post<TokenAnswer>(`${base}/oauth/token`, body, { adapter: 'fetch' });
      storeTokens(data);
      failed.response.config.headers['Authorization'] = `Bearer ${data.access_token}`;
    };
    createAuthRefresh(api, refreshAuthLogic, { deduplicateRefresh: false });
    return async (path) => (await api.get(path)).status;
  },
};
