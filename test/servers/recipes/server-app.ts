import { fromTokenResponse, oauth2, type TokenResponse } from 'unexpired/oauth2';
import { AuthError, createSessions, errorResponse } from 'unexpired/server';

const tokenEndpoint = 'https://id.example.com/oauth/token';
const protocol = oauth2({ tokenEndpoint, clientId: 'my-app', resourceOrigins: ['https://api.example.com'] });
const sessions = createSessions({ protocol, signIn, secrets: [process.env['SESSION_SECRET'] ?? ''] });

/** Answers each request of the app. */
export async function answer(request: Request): Promise<Response> {
  if (new URL(request.url).pathname.startsWith('/auth/')) return sessions.handler(request);
  try {
    const session = await sessions.of(request);
    const posts = await session.fetch('/posts'); // With the access token, which is refreshed if necessary.
    return Response.json(await posts.json(), { status: posts.status });
  } catch (error) {
    return errorResponse(error); // 401 if the user has to sign in, 503 if there is no token just now.
  }
}

/** Redeems the code that the sign-in page of the app got by redirect, and posts to `/auth/sign-in`. */
async function signIn(request: Request) {
  const { code = '', verifier = '' } = (await request.json().catch(() => ({}))) as { code?: string; verifier?: string };
  const grant = { grant_type: 'authorization_code', client_id: 'my-app', redirect_uri: 'https://app.example.com/callback' };
  const body = new URLSearchParams({ ...grant, code, code_verifier: verifier });
  const response = await fetch(tokenEndpoint, { method: 'POST', body }).catch(() => null); // `null` if there is no answer.
  if (!response?.ok) throw new AuthError(response?.status === 400 ? 'grant_refused' : 'grant_unavailable', 'The code could not be redeemed.');
  return fromTokenResponse((await response.json()) as TokenResponse, Date.now());
}
