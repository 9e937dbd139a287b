import { createClient } from 'redis';
import { fromTokenResponse, oauth2 } from 'unexpired/oauth2';
import { AuthError, createSessions } from 'unexpired/server';
import { redis } from 'unexpired/server/redis';

const { ISSUER = '', API = '', REDIS_URL = '', SESSION_SECRET = '' } = process.env;
const tokenEndpoint = `${ISSUER}/oauth/token`;
const protocol = oauth2({ tokenEndpoint, revocationEndpoint: `${ISSUER}/oauth/revoke`, clientId: 'my-app', resourceOrigins: [API] });

export const client = createClient({ url: REDIS_URL });
client.on('error', () => undefined); // Calls then fail with `storage_unavailable`, which `errorResponse` answers with 503.
await client.connect();

export const sessions = createSessions({
  protocol,
  store: redis(client),
  secrets: [SESSION_SECRET],
  proxy: { '/api': { to: API } },
  async signIn(request) {
    const { code, verifier } = (await request.json()) as { code: string; verifier: string };
    const grant = { grant_type: 'authorization_code', client_id: 'my-app', redirect_uri: 'https://app.example.com/callback' };
    const response = await fetch(tokenEndpoint, { method: 'POST', body: new URLSearchParams({ ...grant, code, code_verifier: verifier }) });
    if (!response.ok) throw new AuthError('grant_refused', `The code was refused with HTTP ${response.status}.`);
    return fromTokenResponse(await response.json(), Date.now());
  },
});
