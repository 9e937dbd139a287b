import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import OAuth2Server from '@node-oauth/oauth2-server';
import { listen } from '../../browsers/server/listening.ts';
import { APP, CLIENT_ID, ISSUER, LIFETIME_S, PATHS, REDIRECT_URI, type AuthorizationServer } from './authorization-server.ts';

const CLIENT = { id: CLIENT_ID, redirectUris: [REDIRECT_URI], grants: ['authorization_code', 'refresh_token'] };

/** Starts `@node-oauth/oauth2-server`, which leaves storage to its model and has no revocation of its own. */
export async function startNodeOAuth2Server({ rotates = true } = {}): Promise<AuthorizationServer> {
  const model = createModel();
  const oauth = new OAuth2Server({
    model,
    accessTokenLifetime: LIFETIME_S,
    alwaysIssueNewRefreshToken: rotates,
    requireClientAuthentication: { authorization_code: false, refresh_token: false },
    authenticateHandler: { handle: () => ({ id: 'ada', grantId: randomUUID() }) }, // A user who logs in and consents.
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', ISSUER);
    const body = Object.fromEntries(new URLSearchParams(await text(request)));
    const incoming = new OAuth2Server.Request({ headers: headersOf(request), method: request.method ?? 'GET', query: Object.fromEntries(searchParams), body });
    const answer = new OAuth2Server.Response();
    if (pathname === PATHS.authorization) await oauth.authorize(incoming, answer).catch(rethrowUnexpected);
    else if (pathname === PATHS.token) await oauth.token(incoming, answer).catch(rethrowUnexpected);
    else if (pathname === PATHS.revocation) model.revoke(body['token'] ?? '');
    response.writeHead(answer.status ?? 200, { ...answer.headers, 'content-type': 'application/json', 'access-control-allow-origin': APP });
    response.end(JSON.stringify(answer.body ?? {}));
  }

  return {
    ...(await listen(createServer((request, response) => void serve(request, response)))),
    scope: 'offline_access',
    outlivesGrant: false,
    async challenge(authorization) {
      const request = new OAuth2Server.Request({ headers: authorization === undefined ? {} : { authorization }, method: 'GET', query: {} });
      const response = new OAuth2Server.Response();
      return oauth.authenticate(request, response).then(() => null, () => String(response.get('www-authenticate')));
    },
    revokeAccessTokens: async () => model.revokeAccessTokens(),
  };
}

/** Ignores an OAuth error, because the server has also written it into the answer. */
function rethrowUnexpected(error: unknown): void {
  if (!(error instanceof OAuth2Server.OAuthError)) throw error;
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** Keeps grants in memory. A spent refresh token that is sent again ends its grant (RFC 9700, section 4.14.2), which the library leaves to the model. */
function createModel() {
  const codes = new Map<string, OAuth2Server.AuthorizationCode>();
  const accessTokens = new Map<string, OAuth2Server.Token>();
  const refreshTokens = new Map<string, OAuth2Server.RefreshToken>();
  const spent = new Map<string, unknown>();

  function endGrant(grantId: unknown): void {
    for (const tokens of [accessTokens, refreshTokens]) {
      for (const [value, { user }] of tokens) if (user['grantId'] === grantId) tokens.delete(value);
    }
  }

  return {
    getClient: async (id: string) => id === CLIENT.id && CLIENT,
    async saveAuthorizationCode(code: Omit<OAuth2Server.AuthorizationCode, 'client' | 'user'>, client: OAuth2Server.Client, user: OAuth2Server.User) {
      const saved = { ...code, client, user } as OAuth2Server.AuthorizationCode;
      codes.set(saved.authorizationCode, saved);
      return saved;
    },
    getAuthorizationCode: async (code: string) => codes.get(code),
    revokeAuthorizationCode: async ({ authorizationCode }: OAuth2Server.AuthorizationCode) => codes.delete(authorizationCode),
    async saveToken(token: OAuth2Server.Token, client: OAuth2Server.Client, user: OAuth2Server.User) {
      const saved = { ...token, client, user };
      accessTokens.set(saved.accessToken, saved);
      if (saved.refreshToken !== undefined) refreshTokens.set(saved.refreshToken, { ...saved, refreshToken: saved.refreshToken });
      return saved;
    },
    getAccessToken: async (token: string) => accessTokens.get(token),
    async getRefreshToken(token: string) {
      if (spent.has(token)) endGrant(spent.get(token));
      return refreshTokens.get(token);
    },
    async revokeToken({ refreshToken, user }: OAuth2Server.RefreshToken) {
      spent.set(refreshToken, user['grantId']);
      return refreshTokens.delete(refreshToken);
    },
    revoke: (token: string) => endGrant((refreshTokens.get(token) ?? accessTokens.get(token))?.user['grantId'] ?? spent.get(token)),
    revokeAccessTokens: () => accessTokens.clear(),
  };
}
