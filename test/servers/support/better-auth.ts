import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { oauthProvider } from '@better-auth/oauth-provider';
import { betterAuth, type BetterAuthPlugin } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { jwt } from 'better-auth/plugins';
import { listen } from '../../browsers/server/listening.ts';
import { APP, CLIENT_ID, ISSUER, LIFETIME_S, PATHS, REDIRECT_URI, type AuthorizationServer } from './authorization-server.ts';

const TABLES = ['user', 'session', 'account', 'verification', 'jwks', 'oauthClient', 'oauthResource', 'oauthClientResource', 'oauthRefreshToken', 'oauthAccessToken', 'oauthConsent', 'oauthClientAssertion'] as const;
const BASE_PATH = '/better-auth';
const LIBRARY_PATHS: Readonly<Record<string, string>> = { [PATHS.authorization]: '/oauth2/authorize', [PATHS.token]: '/oauth2/token', [PATHS.revocation]: '/oauth2/revoke' };

/** What the plugin adds to the API. Its own types do not pass `exactOptionalPropertyTypes`. */
interface ProviderApi {
  readonly adminCreateOAuthClient: (input: { readonly body: Readonly<Record<string, unknown>>; readonly headers: Headers }) => Promise<unknown>;
}

/** Starts the OAuth provider of `better-auth`. Refresh tokens rotate, and one that is sent twice ends all sessions of the client. */
export async function startBetterAuth(): Promise<AuthorizationServer> {
  const tables = Object.fromEntries(TABLES.map((name) => [name, [] as Record<string, unknown>[]]));
  const auth = createAuth(tables);
  const cookie = await registerUserAndClient(auth);
  const ask = (path: string, init?: RequestInit) => auth.handler(new Request(ISSUER + BASE_PATH + path, init));

  /** The user consents. The consent page would send its own query back. */
  async function consent(query: string): Promise<Response> {
    const answer = await ask('/oauth2/consent', { method: 'POST', headers: { cookie, origin: ISSUER, 'content-type': 'application/json' }, body: JSON.stringify({ accept: true, oauth_query: query }) });
    const { url } = (await answer.json()) as { readonly url: string };
    return new Response(null, { status: 302, headers: { location: url } });
  }

  async function answerTo(request: IncomingMessage): Promise<Response> {
    const { pathname, search } = new URL(request.url ?? '/', ISSUER);
    if (pathname === '/consent') return consent(search.slice(1));
    const headers = new Headers(Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]));
    if (pathname === PATHS.authorization) {
      headers.set('cookie', cookie); // The user is logged in.
      headers.set('sec-fetch-mode', 'navigate'); // A request of a script gets JSON.
    }
    const body = request.method === 'POST' ? new Uint8Array(await buffer(request)) : null;
    return ask((LIBRARY_PATHS[pathname] ?? pathname) + search, { method: request.method ?? 'GET', headers, body });
  }

  const server = createServer((request, response) => {
    void answerTo(request).then(async (answer) => {
      response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), 'access-control-allow-origin': APP });
      response.end(await answer.text());
    });
  });

  return {
    ...(await listen(server)),
    scope: 'openid offline_access',
    outlivesGrant: false,
    refusesEndedTokens: true,
    errorOfAnotherClient: 'invalid_grant', // The session then ends, because the answer is final.
    async challenge(authorization) {
      const { headers } = await ask('/oauth2/userinfo', authorization === undefined ? {} : { headers: { authorization } });
      return headers.get('www-authenticate');
    },
    revokeAccessTokens: async () => void (tables['oauthAccessToken'] ?? []).splice(0),
  };
}

function createAuth(tables: Record<string, Record<string, unknown>[]>) {
  return betterAuth({
    baseURL: ISSUER,
    basePath: BASE_PATH,
    secret: 'a secret of at least 32 characters, for this test',
    database: memoryAdapter(tables),
    emailAndPassword: { enabled: true },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    plugins: [
      jwt({ jwt: { issuer: ISSUER }, jwks: { keyPairConfig: { alg: 'RS256' } } }),
      oauthProvider({
        loginPage: '/login',
        consentPage: '/consent',
        scopes: ['openid', 'offline_access'],
        accessTokenExpiresIn: LIFETIME_S,
        generateClientId: () => CLIENT_ID,
        silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
      }) as unknown as BetterAuthPlugin,
    ],
  });
}

/** Resolves to the cookie of a user who is logged in at the provider. */
async function registerUserAndClient({ api }: ReturnType<typeof createAuth>): Promise<string> {
  const { headers } = await api.signUpEmail({ body: { email: 'ada@example.com', password: 'a password of ada', name: 'Ada' }, asResponse: true });
  const cookie = headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
  await (api as unknown as ProviderApi).adminCreateOAuthClient({
    body: { redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], skip_consent: true, scope: 'openid offline_access' },
    headers: new Headers({ cookie }),
  });
  return cookie;
}
