import { createAuthClient } from 'unexpired';
import { fromTokenResponse, oauth2 } from 'unexpired/oauth2';

const tokenEndpoint = 'https://id.example.com/oauth/token';
const protocol = oauth2({ tokenEndpoint, clientId: 'my-app', resourceOrigins: ['https://api.example.com'] });

export const auth = createAuthClient({ protocol });

/** Signs in with what the sign-in page has sent back. */
export const signIn = (code: string, verifier: string) => auth.signIn(() => redeem(code, verifier));

async function redeem(code: string, verifier: string) {
  const grant = { grant_type: 'authorization_code', client_id: 'my-app', redirect_uri: 'https://app.example.com/callback' };
  const response = await fetch(tokenEndpoint, { method: 'POST', body: new URLSearchParams({ ...grant, code, code_verifier: verifier }) });
  return fromTokenResponse(await response.json(), Date.now());
}
