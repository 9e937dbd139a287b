import { AuthProvider, createAuthClient, SignedIn, SignedOut, useAuthedFetch, useUser } from 'unexpired';
import { oauth2 } from 'unexpired/oauth2';
import { createRedirectSignIn } from 'unexpired/redirect';
import { RedirectCallback } from 'unexpired/redirect/react';

const issuer = 'https://id.example.com';
const clientId = 'my-app';

export const auth = createAuthClient({
  protocol: oauth2({
    tokenEndpoint: `${issuer}/oauth/token`,
    revocationEndpoint: `${issuer}/oauth/revoke`,
    clientId,
    resourceOrigins: ['https://api.example.com'],
  }),
});

export const redirect = createRedirectSignIn(auth, { issuer, clientId, redirectUri: '/callback' });

function Posts() {
  const authedFetch = useAuthedFetch();
  const user = useUser();
  return <button onClick={() => void authedFetch('/posts')}>Load the posts of {user?.sub}</button>;
}

/** `path` and `navigate` come from your router. */
export const App = ({ path, navigate }: { path: string; navigate: (to: string, options: { replace: boolean }) => void }) => (
  <AuthProvider client={auth}>
    {path === '/callback' && <RedirectCallback redirect={redirect} onSignedIn={(to) => navigate(to, { replace: true })} />}
    <SignedIn><Posts /></SignedIn>
    <SignedOut>{path !== '/callback' && <button onClick={() => void redirect.start()}>Sign in</button>}</SignedOut>
  </AuthProvider>
);
