import { createAuthClient } from 'unexpired';
import { oauth2 } from 'unexpired/oauth2';
import { createRedirectSignIn } from 'unexpired/redirect';

const issuer = 'https://id.example.com';
const clientId = 'my-app';
const resourceOrigins = ['https://api.example.com']; // Only these get the access token.

export const auth = createAuthClient({ protocol: oauth2({ tokenEndpoint: `${issuer}/oauth/token`, clientId, resourceOrigins }) });
export const redirect = createRedirectSignIn(auth, { issuer, clientId, redirectUri: '/callback' });
