import * as oauth from 'oauth4webapi';
import type { AuthClient } from 'unexpired/core';
import { fromTokenResponse } from 'unexpired/oauth2';

const client = { client_id: 'my-app' };
const redirect_uri = 'https://app.example.com/callback';
const server = {
  issuer: 'https://id.example.com',
  authorization_endpoint: 'https://id.example.com/oauth/authorize',
  token_endpoint: 'https://id.example.com/oauth/token',
};

export async function leaveToSignIn() {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  sessionStorage.setItem('sign-in', JSON.stringify({ verifier, state }));
  const code_challenge = await oauth.calculatePKCECodeChallenge(verifier);
  const request = { ...client, redirect_uri, state, response_type: 'code', code_challenge, code_challenge_method: 'S256' };
  const offline = { scope: 'openid offline_access', prompt: 'consent' }; // the server issues refresh tokens only for these
  location.assign(`${server.authorization_endpoint}?${new URLSearchParams({ ...request, ...offline })}`);
}

/** Runs on the page of `redirect_uri`. */
export async function returnSignedIn(auth: AuthClient) {
  const { verifier, state } = JSON.parse(sessionStorage.getItem('sign-in') ?? '{}');
  sessionStorage.removeItem('sign-in');
  const params = oauth.validateAuthResponse(server, client, new URL(location.href), state);
  history.replaceState(null, '', '/'); // takes the code out of the address and the history
  await auth.signIn(async () => {
    const response = await oauth.authorizationCodeGrantRequest(server, client, oauth.None(), params, redirect_uri, verifier);
    return fromTokenResponse(await oauth.processAuthorizationCodeResponse(server, client, response), Date.now());
  });
}
