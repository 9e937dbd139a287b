import * as oauth from 'oauth4webapi';
import { fromTokenResponse } from 'unexpired/oauth2';
import { sessions } from './sessions.ts';

const client = { client_id: 'my-app' };
const redirect_uri = 'https://app.example.com/callback';
const server = {
  issuer: 'https://id.example.com',
  authorization_endpoint: 'https://id.example.com/oauth/authorize',
  token_endpoint: 'https://id.example.com/oauth/token',
};

/** This cookie must be Lax, because the redirect back comes from another site. */
const flowCookie = (value: string, maxAge: number) => `__Host-sign-in=${value}; Max-Age=${maxAge}; Path=/; HttpOnly; SameSite=Lax; Secure`;

/** Answers `GET /sign-in`. */
export async function leaveToSignIn(): Promise<Response> {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const code_challenge = await oauth.calculatePKCECodeChallenge(verifier);
  const request = { ...client, redirect_uri, state, response_type: 'code', code_challenge, code_challenge_method: 'S256' };
  const offline = { scope: 'openid offline_access', prompt: 'consent' }; // The server issues refresh tokens only for these.
  const location = `${server.authorization_endpoint}?${new URLSearchParams({ ...request, ...offline })}`;
  return new Response(null, { status: 302, headers: { location, 'set-cookie': flowCookie(`${state}.${verifier}`, 600) } });
}

/** Answers `GET /callback`, the page of `redirect_uri`. */
export async function returnSignedIn(request: Request): Promise<Response> {
  const [, state = 'none', verifier = ''] = /__Host-sign-in=([\w-]+)\.([\w-]+)/.exec(request.headers.get('cookie') ?? '') ?? [];
  const params = oauth.validateAuthResponse(server, client, new URL(request.url), state);
  const { setCookie } = await sessions.signIn(async () => {
    const response = await oauth.authorizationCodeGrantRequest(server, client, oauth.None(), params, redirect_uri, verifier);
    return fromTokenResponse(await oauth.processAuthorizationCodeResponse(server, client, response), Date.now());
  }, request);
  // A page, and no redirect: a browser sends a Strict cookie only if a page of this site starts the navigation.
  const headers = new Headers({ 'content-type': 'text/html', 'cache-control': 'no-store' });
  headers.append('set-cookie', setCookie);
  headers.append('set-cookie', flowCookie('', 0));
  return new Response('<meta http-equiv="refresh" content="0; url=/">', { headers });
}
