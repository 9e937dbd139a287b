import { classifyFailure, createAuthClient, defineProtocol, type TokenSet } from 'unexpired';

const API = 'https://api.example.com';
const json = (body: object) =>
  ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) as const;
const tokensOf = (answer: { token: string; refreshToken: string; expiresIn: number }, now: number): TokenSet =>
  ({ accessToken: answer.token, refreshToken: answer.refreshToken, expiresAt: now + answer.expiresIn * 1000, issuedAt: now, scopes: [] });

const protocol = defineProtocol({
  name: 'my-api',
  baseUrl: API,
  refreshRequest: (refreshToken) => ({ url: `${API}/refresh`, ...json({ refreshToken }) }),
  readRefresh: (answer) => answer.status === 200
    ? { kind: 'granted', tokens: tokensOf(JSON.parse(answer.body), answer.now) }
    : classifyFailure(answer, answer.status === 401 ? 'refresh_token_invalid' : null), // Only a 401 ends the session.
  isRejection: (answer) => answer.status === 401, // Each match costs a refresh. If your API has an error code, check it, too.
});
export const auth = createAuthClient({ protocol });

export const logIn = (email: string, password: string) => auth.signIn(async () => {
  const response = await fetch(`${API}/login`, json({ email, password })).catch(() => null);
  if (!response) throw new Error('The server cannot be reached.');
  if (response.status === 401) throw new Error('Wrong e-mail or password.');
  if (!response.ok) throw new Error(`The server cannot sign you in now (HTTP ${response.status}).`);
  return tokensOf(await response.json(), Date.now());
});
