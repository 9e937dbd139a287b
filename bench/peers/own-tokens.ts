import type { TokenAnswer } from '../server/family.ts';

/** Tokens as an app stores them without a library. */
export interface OwnTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: number;
}

const KEY = 'tokens';

export function ownTokens(answer: TokenAnswer): OwnTokens {
  return { accessToken: answer.access_token, refreshToken: answer.refresh_token, expiresAt: Date.now() + answer.expires_in * 1000 };
}

export function storeTokens(answer: TokenAnswer): void {
  localStorage.setItem(KEY, JSON.stringify(ownTokens(answer)));
}

export function storedTokens(): OwnTokens {
  return JSON.parse(localStorage.getItem(KEY) ?? '{}') as OwnTokens;
}

/** Requests tokens from the token endpoint with plain `fetch`. Throws if it gives none. */
export async function requestTokens(base: string, refreshToken: string): Promise<TokenAnswer> {
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: 'bench' });
  const response = await fetch(`${base}/oauth/token`, { method: 'POST', body });
  if (!response.ok) throw new Error(`No tokens: ${response.status}`);
  return (await response.json()) as TokenAnswer;
}
