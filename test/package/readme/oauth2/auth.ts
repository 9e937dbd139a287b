import { createAuthClient } from 'unexpired';
import { fromTokenResponse, oauth2 } from 'unexpired/oauth2';

const tokenEndpoint = 'https://id.example.com/oauth/token';
const resourceOrigins = ['https://api.example.com']; // Only these get the access token.
export const auth = createAuthClient({ protocol: oauth2({ tokenEndpoint, clientId: 'my-app', resourceOrigins }) });

/** For the page that the sign-in redirects to: exchanges the code for tokens. */
export const finishSignIn = (code: string, codeVerifier: string) => auth.signIn(async () => {
  const grant = { grant_type: 'authorization_code', client_id: 'my-app', redirect_uri: 'https://app.example.com/callback' };
  const body = new URLSearchParams({ ...grant, code, code_verifier: codeVerifier });
  const response = await fetch(tokenEndpoint, { method: 'POST', body });
  if (!response.ok) throw new Error(`The sign-in failed with HTTP ${response.status}. Please try again.`);
  return fromTokenResponse(await response.json(), Date.now());
});
