import { browserPlatform, memory, type AuthClientConfig } from 'unexpired/core';
import { bonfire } from 'unexpired/bonfire';

const HOUR_MS = 3_600_000;
const BASE_URL = 'https://api.bonfire.test/v1';

/** The config of a client whose platform answers its requests, so that rounds need no network. */
export function localConfig(): AuthClientConfig {
  const protocol = bonfire({ baseUrl: BASE_URL, appKey: 'app-key' });
  return { protocol, storage: memory(), platform: { ...browserPlatform(), fetch: answer } };
}

/** The tokens of a user who has just signed in. */
export function someTokens(round: number) {
  return { accessToken: `access-${round}`, refreshToken: `refresh-${round}`, expiresAt: Date.now() + HOUR_MS, scopes: [] };
}

async function answer(input: RequestInfo | URL): Promise<Response> {
  if (String(input) !== `${BASE_URL}/oauth`) return Response.json({ data: {} });
  const expires_at = new Date(Date.now() + HOUR_MS).toISOString().replace(/\.\d+Z$/, '+00:00');
  return Response.json({ data: { attributes: { access_token: 'access', refresh_token: 'refresh', expires_at, scope: '' } } });
}
