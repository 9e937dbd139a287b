import { createBonfireApi, createCookieJar, type BonfireApiOptions, type CookieJarOptions } from 'unexpired/testing';

const BASE_URL = 'https://api.bonfire.test/v1';

interface SendOptions {
  readonly method?: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credentials?: RequestCredentials;
}

/** Creates an API that keeps refresh tokens in a cookie, and a browser with one jar, with short functions for the usual requests. */
export function cookieUser(options: BonfireApiOptions = {}, jarOptions: CookieJarOptions = {}) {
  const api = createBonfireApi({ refreshToken: 'cookie', ...options });
  const jar = createCookieJar(api.fetch, jarOptions);
  const send = (path: string, { method = 'POST', form, headers = { 'x-csrf': '1' }, credentials = 'include' }: SendOptions = {}) =>
    jar.fetch(`${BASE_URL}${path}`, { method, credentials, headers: { Authorization: 'Bearer app-key', ...headers }, ...(form && { body: new URLSearchParams(form) }) });
  const signIn = (how: SendOptions = {}) => send('/oauth/bots', { form: { grant_type: 'client_credentials', bots: '["ember"]' }, ...how });
  const refresh = (how: SendOptions = {}) => send('/oauth', { form: { grant_type: 'refresh_token' }, ...how });
  const signOut = (how: SendOptions = {}) => send('/oauth/sign-out', how);
  /** The refresh token in the jar. */
  const held = () => jar.cookies.find(({ name }) => name === 'bonfire_refresh')?.value;
  return { api, jar, send, signIn, refresh, signOut, held };
}

/** Reads the HTTP status and the error code of a refusal. */
export async function refusalOf(answer: Promise<Response>): Promise<{ status: number; code: number }> {
  const response = await answer;
  const { error } = (await response.json()) as { error: { code: number } };
  return { status: response.status, code: error.code };
}
