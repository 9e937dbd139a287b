import { randomUUID } from 'node:crypto';
import type { AuthoritySessions, Issued } from './sessions.ts';
import { SUBJECT, type Tokens } from './tokens.ts';

export interface Ask {
  readonly method: string;
  readonly path: string;
  /** The query and the body. */
  readonly fields: Readonly<Record<string, string>>;
  readonly authorization: string;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly afterMs?: number;
}

/** The connection breaks in place of an answer. */
export const LOST = Symbol('lost');

export interface World {
  readonly sessions: AuthoritySessions;
  readonly tokens: Tokens;
  readonly codes: Map<string, { readonly nonce: string | undefined }>;
  readonly origin: () => string;
}

const CLIENT = 'bench';
const USER = { id: SUBJECT, sub: SUBJECT, email: 'user@example.com', email_verified: true, name: 'A user', first_name: 'A', last_name: 'user', aud: 'authenticated', role: 'authenticated', app_metadata: {}, user_metadata: {}, object: 'user' };

type Route = (world: World, ask: Ask) => Reply | typeof LOST | Promise<Reply | typeof LOST>;

const routes: Readonly<Record<string, Route>> = {
  '/.well-known/openid-configuration': metadata,
  '/.well-known/oauth-authorization-server': metadata,
  '/jwks': ({ tokens }) => ({ status: 200, body: tokens.jwks }),
  [`/sso/jwks/${CLIENT}`]: ({ tokens }) => ({ status: 200, body: tokens.jwks }),
  '/authorize': authorize,
  '/token': (world, ask) => grant(world, ask, oidcAnswer),
  // Supabase
  '/auth/v1/token': (world, ask) => grant(world, ask, ({ issued, world: { sessions } }) => ({ ...oauthAnswer(issued, sessions), expires_at: Math.floor((Date.now() + sessions.behaviour.accessTokenMs) / 1000), user: USER })),
  '/auth/v1/user': (world, ask) => (world.sessions.userOf(bearer(ask)) ? { status: 200, body: USER } : { status: 403, body: { code: 403, error_code: 'bad_jwt', msg: 'The token was rejected.' } }),
  '/auth/v1/logout': (world, ask) => revoke(world, bearer(ask), 204),
  // WorkOS
  '/user_management/authorize': authorize,
  '/user_management/authenticate': (world, ask) => grant(world, ask, ({ issued, world: { sessions } }) => ({ ...oauthAnswer(issued, sessions), user: USER, organization_id: null, authentication_method: 'Password' })),
  '/user_management/sessions/logout': ({ sessions }, { fields }) => {
    sessions.endById(fields['session_id'] ?? '');
    return { status: 302, headers: { location: '/' } };
  },
  '/revoke': (world, ask) => revoke(world, ask.fields['token'] ?? '', 200),
  '/userinfo': (world, ask) => (world.sessions.userOf(bearer(ask)) ? { status: 200, body: USER } : { status: 401 }),
  '/logout': () => ({ status: 200, body: {} }),
  '/api/me': async ({ sessions }, ask) => {
    const user = sessions.userOf(bearer(ask));
    const afterMs = sessions.behaviour.callMs;
    if (ask.fields['slow'] !== undefined) {
      sessions.counts.slowCalls += 1;
      await sessions.behaviour.slowGate;
    }
    return user === null ? { status: 401, body: { error: 'invalid_token' }, headers: { 'www-authenticate': 'Bearer error="invalid_token"' }, afterMs } : { status: 200, body: { user }, afterMs };
  },
};

export async function answer(world: World, ask: Ask): Promise<Reply | typeof LOST> {
  return (await routes[ask.path]?.(world, ask)) ?? { status: 404, body: { error: 'not_found' } };
}

function metadata({ origin }: World): Reply {
  const at = (path: string) => `${origin()}${path}`;
  return {
    status: 200,
    body: {
      issuer: origin(),
      authorization_endpoint: at('/authorize'),
      token_endpoint: at('/token'),
      revocation_endpoint: at('/revoke'),
      userinfo_endpoint: at('/userinfo'),
      end_session_endpoint: at('/logout'),
      jwks_uri: at('/jwks'),
      scopes_supported: ['openid', 'email', 'offline_access'],
      response_types_supported: ['code'],
      response_modes_supported: ['query', 'form_post'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    },
  };
}

/** Signs the one user in without a page. */
function authorize({ codes }: World, { fields }: Ask): Reply {
  const code = randomUUID();
  codes.set(code, { nonce: fields['nonce'] });
  const back = new URL(fields['redirect_uri'] ?? '');
  back.searchParams.set('code', code);
  if (fields['state'] !== undefined) back.searchParams.set('state', fields['state']);
  return { status: 302, headers: { location: back.href } };
}

interface Granted {
  readonly world: World;
  readonly issued: Issued;
  readonly ask: Ask;
  readonly nonce: string | undefined;
}

async function grant(world: World, ask: Ask, shape: (granted: Granted) => unknown): Promise<Reply | typeof LOST> {
  const { sessions, codes } = world;
  const type = ask.fields['grant_type'];
  if (type === 'refresh_token') {
    sessions.counts.refreshes += 1;
    if (sessions.behaviour.isDown) {
      sessions.counts.unavailable += 1;
      return { status: 503, body: { error: 'temporarily_unavailable' } };
    }
    const afterMs = sessions.behaviour.refreshMs;
    const issued = await sessions.refresh(ask.fields['refresh_token'] ?? '');
    await sessions.behaviour.refreshGate;
    if (!issued) return { status: 400, body: { error: 'invalid_grant', error_description: 'The refresh token is not valid.', error_code: 'refresh_token_already_used', code: 'refresh_token_already_used', msg: 'Invalid Refresh Token: Already Used' }, afterMs };
    if (sessions.behaviour.answersToLose-- > 0) return LOST;
    return { status: 200, body: await shape({ world, issued, ask, nonce: undefined }), afterMs };
  }
  const code = codes.get(ask.fields['code'] ?? '');
  if (type === 'authorization_code' && !code) return { status: 400, body: { error: 'invalid_grant' } };
  const issued = await sessions.begin();
  return { status: 200, body: await shape({ world, issued, ask, nonce: code?.nonce }) };
}

function oauthAnswer({ accessToken, refreshToken }: Issued, { behaviour }: AuthoritySessions) {
  return { access_token: accessToken, refresh_token: refreshToken, token_type: 'Bearer', expires_in: behaviour.accessTokenMs / 1000, scope: 'openid email offline_access' };
}

async function oidcAnswer({ world: { sessions, tokens, origin }, issued, nonce }: Granted): Promise<unknown> {
  const idToken = await tokens.idToken({ issuer: origin(), clientId: CLIENT, sessionId: issued.sessionId, nonce, lifetimeMs: sessions.behaviour.accessTokenMs });
  return { ...oauthAnswer(issued, sessions), id_token: idToken };
}

function revoke({ sessions }: World, token: string, status: number): Reply {
  sessions.revoke(token);
  return { status };
}

function bearer({ authorization }: Ask): string {
  return authorization.replace(/^(Bearer|DPoP) /i, '');
}
