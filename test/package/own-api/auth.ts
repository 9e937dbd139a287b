import { classifyFailure, createAuthClient, defineProtocol, invalidResponse, type TokenSet } from 'unexpired';

export const API = 'https://api.example.com';

/** A request with a JSON body. */
export const post = (body: object) => ({
  method: 'POST' as const,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Reads the tokens in the answer to a sign-in or a refresh; `null` if there are none. */
export function readTokens(json: string, now: number): TokenSet | null {
  try {
    const { token, refreshToken, expiresIn } = JSON.parse(json);
    return { accessToken: token, refreshToken, expiresAt: now + expiresIn * 1000, issuedAt: now, scopes: [] };
  } catch {
    return null;
  }
}

/** The API's own code for an error, such as `token_expired`. */
export function errorCodeIn(json: string): string | null {
  try {
    return JSON.parse(json).error ?? null;
  } catch {
    return null;
  }
}

const protocol = defineProtocol({
  name: 'my-api',
  baseUrl: API,
  refreshRequest: (refreshToken) => ({ url: `${API}/refresh`, ...post({ refreshToken }) }),
  readRefresh(answer) {
    if (answer.status === 200) {
      const tokens = readTokens(answer.body, answer.now);
      return tokens ? { kind: 'granted', tokens } : invalidResponse('it is not the JSON of our API');
    }
    const isOver = answer.status === 401 && errorCodeIn(answer.body) === 'refresh_token_invalid';
    return classifyFailure(answer, isOver ? 'refresh_token_invalid' : null);
  },
  mayReject: (status) => status === 401,
  isRejection: ({ body }) => errorCodeIn(body) === 'token_expired',
  revokeRequest: ({ refreshToken = '' }) => ({ url: `${API}/logout`, ...post({ refreshToken }) }),
});

export const auth = createAuthClient({ protocol });
