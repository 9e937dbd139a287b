import { createBonfireApi, type BonfireApiOptions } from 'unexpired/testing';
import { simulatedTime } from './simulated-time.ts';

/** The `access_token` object as the API sends it. */
export interface TokenObject {
  access_token: string;
  refresh_token: string;
  expires_at: string;
  created_at?: string;
  scope: string;
}

interface SendOptions {
  readonly method?: string;
  readonly bearer?: string | null;
  readonly form?: Record<string, string>;
  readonly json?: unknown;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

/** Creates an API on simulated time, with short functions that send the usual requests. */
export function apiUser(options: BonfireApiOptions = {}) {
  const time = simulatedTime();
  const api = createBonfireApi({ now: time.now, sleep: time.sleep, ...options });
  const send = (path: string, how: SendOptions = {}) => api.fetch(requestOf(path, how));
  const refresh = (refreshToken: string) =>
    send('/oauth', { method: 'POST', form: { grant_type: 'refresh_token', refresh_token: refreshToken } });
  const me = (accessToken: string) => send('/users/me', { bearer: accessToken });
  const create = async (botId = 'ember') => {
    const response = await send('/oauth/bots', { method: 'POST', form: { grant_type: 'client_credentials', bots: JSON.stringify([botId]) } });
    const body = (await response.json()) as { data: { tokens: Record<string, TokenObject> } };
    return body.data.tokens[botId]!;
  };
  return { api, time, send, refresh, me, create };
}

function requestOf(path: string, { method = 'GET', bearer = 'app-key', form, json, headers = {}, signal }: SendOptions): Request {
  const all = new Headers(headers);
  if (bearer !== null) all.set('Authorization', `Bearer ${bearer}`);
  if (json !== undefined) all.set('Content-Type', 'application/json');
  const body = form ? new URLSearchParams(form) : json === undefined ? null : JSON.stringify(json);
  return new Request(`https://bonfire.test/v1${path}`, { method, headers: all, body, signal: signal ?? null });
}

/** Reads the token object of a granted refresh. */
export async function tokensOf(response: Response): Promise<TokenObject> {
  const body = (await response.json()) as { data: { attributes: TokenObject } };
  return body.data.attributes;
}

/** Reads the HTTP status and the error code of a refusal. */
export async function refusalOf(response: Response): Promise<{ status: number; code: number }> {
  const { error } = (await response.json()) as { error: { code: number; message: string } };
  return { status: response.status, code: error.code };
}
