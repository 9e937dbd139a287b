import { createRemoteJWKSet, jwtVerify } from 'jose';
import { oauth2 } from 'unexpired/oauth2';
import { createSessions } from 'unexpired/server';

const issuer = 'https://id.example.com';
const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
const protocol = oauth2({ tokenEndpoint: `${issuer}/oauth/token`, clientId: 'my-app', resourceOrigins: ['https://api.example.com'], keep: ['id_token'] });

export const sessions = createSessions({ protocol, backChannelLogout, secrets: [process.env['SESSION_SECRET'] ?? ''] });

/** Verifies the token that the provider posts to `/auth/back-channel-logout`. If it throws, the answer is 400. */
async function backChannelLogout(request: Request): Promise<{ subject?: string | undefined; sid?: string | undefined }> {
  const token = new URLSearchParams(await request.text()).get('logout_token') ?? '';
  const expected = { issuer, audience: 'my-app', typ: 'logout+jwt', maxTokenAge: '2 minutes', requiredClaims: ['jti'] };
  const { sub, sid, events, nonce } = (await jwtVerify(token, keys, expected)).payload;
  const isLogout = Object.hasOwn(Object(events), 'http://schemas.openid.net/event/backchannel-logout');
  if (!isLogout || nonce !== undefined) throw new TypeError('It is no logout token.'); // Such as an ID token.
  return { subject: sub, sid: sid as string | undefined }; // One of them is enough. Without both, the answer is 400, too.
}
